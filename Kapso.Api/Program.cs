using Kapso.Api.Hosting;
using Kapso.Api.Operators;
using Kapso.Api.Transfer;
using Kapso.Engines.Orleans;
using Kapso.Engines.Orleans.Hosting;
using Kapso.Platform;
using Kapso.Platform.Settings;
using Kapso.ServiceDefaults;
using Kapso.ServiceDefaults.Health;
using Kapso.Web;

if (await HealthCommand.TryRunAsync(args) is { } exitCode)
    return exitCode;
if (args is [ImportCommand.Name, .. var options])
    return await ImportCommand.RunAsync(options);

return await KapsoHost.RunAsync(
    () =>
    {
        var builder = WebApplication.CreateBuilder(args);

        builder.AddServiceDefaults();
        builder.AddHostDefaults();
        builder.AddKapsoPlatform();
        builder.AddClusterRedis();
        builder.Services.AddEngineSettings<ClusterEngineOptions>();
        builder.AddClusterEngine(tracesCalls: builder.ExportsTelemetry());
        builder.AddSharedSignOuts();
        builder.AddKapsoWeb();
        builder.AddSharedKeys();
        builder.AddClusterDashboard();
        builder.AddDraining();
        return builder.Build();
    },
    app =>
    {
        app.MapKapso().MapClusterDashboard();
        app.MapDefaultEndpoints();
    });
