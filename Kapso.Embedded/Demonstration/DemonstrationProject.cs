using Kapso.Platform.Settings;
using Kapso.Simulator;
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
    private readonly bool _withPlatform;
    private readonly string _file;

    private DemonstrationProject(DemonstrationSecrets secrets, bool withProject, bool withPlatform, string file) =>
        (_secrets, _withProject, _withPlatform, _file) = (secrets, withProject, withPlatform, file);

    /// <summary>Fills in what is missing; null where nothing is, or where this is not Development.</summary>
    public static DemonstrationProject? AddTo(WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection(KapsoOptions.Section);
        var withProject = !settings.GetSection("Projects").GetChildren().Any();
        var withKey = string.IsNullOrEmpty(settings["Management:ApiKey"]);
        if (!builder.Environment.IsDevelopment() || !(withProject || withKey))
            return null;

        var store = settings["Store:Path"] is { Length: > 0 } path ? path : new StoreOptions().Path;
        var folder = Path.GetDirectoryName(Path.GetFullPath(store)) ?? ".";
        var file = Path.Combine(folder, "demonstration.json");
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
        var withPlatform = withProject && DemonstrationPlatform.TryAdd(builder, secrets, folder);
        return new DemonstrationProject(
            withKey ? secrets : secrets with { ManagementKey = settings["Management:ApiKey"]! }, withProject, withPlatform, file);
    }

    /// <summary>
    /// Maps the simulated platform, and prints the made-up secrets with the commands that use them once the server listens.
    /// </summary>
    public void Map(WebApplication app)
    {
        if (_withPlatform)
        {
            app.MapKapsoSimulator(DemonstrationPlatform.Path);
            app.MapGet("/", () => Results.Redirect("~/ops")).ExcludeFromDescription();
        }

        app.Lifetime.ApplicationStarted.Register(() => Show(app.Services.GetRequiredService<IServer>()));
    }

    private void Show(IServer server)
    {
        var address = LocalAddress.Of(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []) ?? "http://127.0.0.1:5080";
        Console.Out.WriteLine(
            !_withProject ? DemonstrationText.OfKey(_secrets, _file)
            : _withPlatform ? DemonstrationText.OfProject(address, _secrets, _file) + DemonstrationText.OfPlatform(address)
            : DemonstrationText.OfProject(address, _secrets, _file));
    }
}
