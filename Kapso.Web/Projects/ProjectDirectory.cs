using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Kapso.Connections.Webhooks;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Projects;

/// <summary>A project as the web layer needs it.</summary>
/// <param name="Id">The platform's id of it.</param>
/// <param name="Name">Its name for people; null where none is configured.</param>
/// <param name="Secrets">The secrets of its webhooks in the settings.</param>
public sealed record ServedProject(string Id, string? Name, WebhookSecrets Secrets)
{
    /// <summary>Whether the service keeps its webhook, whose secrets are in the store.</summary>
    public bool HasKeptWebhook { get; init; }

    /// <summary>What customers know the company by; null where that is not configured.</summary>
    public string? Company { get; init; } = Name;
}

/// <summary>The configured projects, read once at the start.</summary>
public sealed class ProjectDirectory
{
    private readonly FrozenDictionary<string, ServedProject> _byId;

    /// <summary>Reads the projects from the settings.</summary>
    public ProjectDirectory(IOptions<KapsoOptions> options)
    {
        All = [.. options.Value.Projects.Select(project =>
            new ServedProject(project.Id, Blank(project.Name), WebhookSecrets.Create(project.WebhookSecrets))
            {
                HasKeptWebhook = project.Webhook == WebhookSetup.Managed,
                Company = Blank(options.Value.Pages.CompanyName) ?? Blank(project.Name),
            })];
        _byId = All.ToFrozenDictionary(project => project.Id, StringComparer.Ordinal);
        Only = All is [var only] ? only : null;
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<ServedProject> All { get; }

    /// <summary>The one project, where exactly one is configured.</summary>
    public ServedProject? Only { get; }

    /// <summary>Finds a project by its id, exactly as configured.</summary>
    public bool TryFind(string? id, [NotNullWhen(true)] out ServedProject? project)
    {
        project = null;
        return id is not null && _byId.TryGetValue(id, out project);
    }

    private static string? Blank(string? name) => string.IsNullOrWhiteSpace(name) ? null : name.Trim();
}
