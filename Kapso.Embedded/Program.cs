using Kapso.Embedded.Demonstration;
using Kapso.Embedded.Operators;
using Kapso.Embedded.Transfer;
using Kapso.Engines.Sqlite;
using Kapso.Engines.Sqlite.Store;
using Kapso.Platform;
using Kapso.Platform.Settings;
using Kapso.ServiceDefaults;
using Kapso.ServiceDefaults.Health;
using Kapso.Web;

if (await HealthCommand.TryRunAsync(args) is { } exitCode)
    return exitCode;
if (args is [ExportCommand.Name, .. var options])
    return ExportCommand.Run(options);

DemonstrationProject? demonstration = null;
return await KapsoHost.RunAsync(
    () =>
    {
        // Settings are read once, at the start. Watching their files would look at every write to a store in a folder beneath.
        var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
        demonstration = DemonstrationProject.AddTo(builder);

        builder.AddServiceDefaults();
        builder.AddHostDefaults();
        builder.AddKapsoPlatform();
        builder.Services.AddEngineSettings<EmbeddedEngineOptions>((engine, settings) => engine.Path = settings.Store.Path);
        builder.Services.AddEmbeddedEngine();
        SignInFolder.AddTo(builder.Services);
        builder.AddKapsoWeb();
        return builder.Build();
    },
    app =>
    {
        app.MapKapso();
        app.MapDefaultEndpoints();
        demonstration?.Map(app);
    });
