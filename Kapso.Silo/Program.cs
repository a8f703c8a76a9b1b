using Kapso.Engines.Orleans.Redis;
using Kapso.Platform;
using Kapso.ServiceDefaults;
using Kapso.Silo.Hosting;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddHostDefaults();
builder.AddKeyedRedisClient(
    RedisConnection.Name,
    settings =>
    {
        settings.DisableTracing = !builder.ExportsTelemetry();
        settings.DisableHealthChecks = true; // Ours asks for more: a write.
    },
    redis => redis.AbortOnConnectFail = false);
builder.AddKapsoPlatform(surface: false);
builder.AddKapsoSilo();

return await KapsoHost.RunAsync(builder.Build, app => app.MapDefaultEndpoints());
