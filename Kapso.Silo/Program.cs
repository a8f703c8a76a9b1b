using Kapso.Grains.Hosting;
using Kapso.Platform;
using Kapso.ServiceDefaults;
using Kapso.Silo.Hosting;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddKeyedRedisClient(
    ClusterEngineExtensions.RedisName,
    configureOptions: redis => redis.AbortOnConnectFail = false);
builder.AddKapsoPlatform();
builder.AddKapsoSilo();

var app = builder.Build();
app.MapSiloHealth();
await app.RunAsync();
