using Kapso.Platform.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Kapso.Embedded.Demonstration;

/// <summary>
/// What a development run does without settings: one project, with secrets made up and shown on the console. Only in
/// Development, and only in place of what is not configured.
/// </summary>
internal sealed class DemonstrationProject
{
    /// <summary>The id of the demonstration project; belongs to nobody.</summary>
    public const string Id = "de300000-0000-4000-8000-000000000001";

    private readonly DemonstrationSecrets _secrets;
    private readonly bool _withProject;
    private readonly string _file;

    private DemonstrationProject(DemonstrationSecrets secrets, bool withProject, string file) =>
        (_secrets, _withProject, _file) = (secrets, withProject, file);

    /// <summary>Fills in what is missing; null where nothing is, or where this is not Development.</summary>
    public static DemonstrationProject? AddTo(WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection(KapsoOptions.Section);
        var withProject = !settings.GetSection("Projects").GetChildren().Any();
        var withKey = string.IsNullOrEmpty(settings["Management:ApiKey"]);
        if (!builder.Environment.IsDevelopment() || !(withProject || withKey))
            return null;

        var store = settings["Store:Path"] is { Length: > 0 } path ? path : new StoreOptions().Path;
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(store)) ?? ".", "demonstration.json");
        var secrets = DemonstrationSecrets.ReadOrMake(file);

        var made = new Dictionary<string, string?>();
        if (withKey)
            made["Kapso:Management:ApiKey"] = secrets.ManagementKey;
        if (withProject)
        {
            made["Kapso:Projects:0:Id"] = Id;
            made["Kapso:Projects:0:Name"] = "Demonstration";
            made["Kapso:Projects:0:WebhookSecrets:0"] = secrets.WebhookSecret;
        }

        builder.Configuration.AddInMemoryCollection(made);
        return new DemonstrationProject(
            withKey ? secrets : secrets with { ManagementKey = settings["Management:ApiKey"]! }, withProject, file);
    }

    /// <summary>Prints the made-up secrets, and the commands that use them, once the server listens.</summary>
    public void ShowWhenStarted(WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Console.Out.WriteLine(_withProject
            ? DemonstrationText.OfProject(DemonstrationText.LocalAddress(addresses), _secrets, _file)
            : DemonstrationText.OfKey(_secrets, _file));
    });
}
