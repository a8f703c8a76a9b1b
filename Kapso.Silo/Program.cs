using Kapso.Engines.Orleans.Redis;
using Kapso.Platform;
using Kapso.Platform.Settings;
using Kapso.ServiceDefaults;
using Kapso.ServiceDefaults.Health;
using Kapso.Silo.Hosting;

if (await HealthCommand.TryRunAsync(args) is { } exitCode)
    return exitCode;

return await KapsoHost.RunAsync(
    () =>
    {
        var builder = WebApplication.CreateBuilder(args);

        builder.AddServiceDefaults();
        builder.AddHostDefaults();
        builder.RequireRedis<KapsoOptions>();
        builder.AddKeyedRedisClient(
            RedisConnection.Name,
            settings =>
            {
                settings.DisableTracing = !builder.ExportsTelemetry();
                settings.DisableHealthChecks = true; // Ours asks for more: a write.
            },
            RedisConnection.Configure);
        builder.AddKapsoPlatform(surface: false);
        builder.AddKapsoSilo();
        return builder.Build();
    },
    app => app.MapDefaultEndpoints());
