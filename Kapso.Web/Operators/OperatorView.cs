using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Operators.SignIn;
using Kapso.Web.Projects;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Web.Operators;

/// <summary>The part of the operators' pages that a page belongs to.</summary>
public enum OperatorSection
{
    /// <summary>The project at a glance.</summary>
    Overview,

    /// <summary>Its customers.</summary>
    Customers,

    /// <summary>What needs a person.</summary>
    Attention,

    /// <summary>Parked deliveries.</summary>
    Parked,

    /// <summary>The company's receivers of changes.</summary>
    Receivers,

    /// <summary>What people and keys did.</summary>
    Audit,
}

/// <summary>What every page for operators shows around what it is about.</summary>
/// <param name="Session">Who is signed in.</param>
/// <param name="PathBase">Where the service is mounted.</param>
/// <param name="Projects">The projects that are served.</param>
/// <param name="Project">The one that the page is about; null for none.</param>
/// <param name="Here">The page's own address.</param>
/// <param name="HostPages">What the host shows beside them.</param>
public sealed record OperatorView(
    OperatorSession Session, string PathBase, IReadOnlyList<ServedProject> Projects, ServedProject? Project, string Here,
    IReadOnlyList<HostPage> HostPages)
{
    /// <summary>The addresses of the project's pages.</summary>
    public OperatorUrls Urls { get; } = new(PathBase, Project?.Id ?? "");

    /// <summary>Whether who is signed in may do something, as <see cref="AuditActions"/> names it.</summary>
    internal bool May(string action) => Session.Role >= RequiredRole.For(action);

    /// <summary>The view of a request by somebody who is signed in.</summary>
    public static OperatorView Of(HttpContext context)
    {
        var projects = context.RequestServices.GetRequiredService<ProjectDirectory>();
        projects.TryFind(context.Request.RouteValues["project_id"] as string, out var project);
        return new OperatorView(SignedIn.Of(context), context.Request.PathBase, projects.All, project,
            $"{context.Request.PathBase}{context.Request.Path}{context.Request.QueryString}",
            [.. context.RequestServices.GetServices<HostPage>()]);
    }

    /// <summary>How a project is called.</summary>
    public static string NameOf(ServedProject project) => project.Name ?? project.Id;
}
