using Kapso.AppHost;
using Kapso.AppHost.Commands;
using Kapso.AppHost.Platform;
using Kapso.AppHost.Redis;
using Kapso.AppHost.Settings;

var builder = DistributedApplication.CreateBuilder(args);

builder.RefuseWrongSettings();
builder.AddCompose();
builder.AddOrderlyStop();
builder.AddRestarts();

var settings = new KapsoSettings(
    ProjectId: builder.AddSetting("project-id", MadeUp.ProjectId),
    WebhookSecret: builder.AddSecret("webhook-secret", MadeUp.Key),
    ApiKey: builder.HasSimulatedPlatform()
        ? builder.AddSecret("simulator-key", MadeUp.Key)
        : builder.AddSecret("api-key", MadeUp.Nothing),
    ManagementKey: builder.AddSecret("management-key", MadeUp.Key),
    WelcomeSecret: builder.AddSecret("welcome-secret", MadeUp.StandardWebhookSecret));

var redis = builder.AddKapsoRedis("redis");

var cluster = builder.AddOrleans("cluster")
    .WithServiceId("kapso")
    .WithClusterId("kapso")
    .WithClustering(redis)
    .WithGrainStorage("connections", redis)
    .WithReminders(redis);

var silo = builder.AddProject<Projects.Kapso_Silo>("silo")
    .WithReference(cluster)
    .WithReference(redis)
    .WithKapsoSettings(settings)
    .WithHttpEndpoint()
    .WithoutHttpsCertificate()
    .WithHttpHealthCheck("/health")
    .WithSiloLinks()
    .WithCount(2)
    .WaitFor(redis);

// Does not wait for the silos: what comes before they are there is parked in Redis, and replayed.
var api = builder.AddProject<Projects.Kapso_Api>("api")
    .WithReference(cluster.AsClient())
    .WithReference(redis)
    .WithKapsoSettings(settings)
    .WithKapsoSurface(settings)
    .WithoutHttpsCertificate()
    .WithHttpHealthCheck("/health")
    .WithExternalHttpEndpoints()
    .WithKapsoLinks()
    .WithTraceLinks()
    .WaitFor(redis);

// The platform of a run on this machine: setup links can be played without an account.
var simulator = builder.AddSimulatedPlatform("simulator", settings, api.GetEndpoint("http"));
silo.WithPlatform(simulator);
api.WithPlatform(simulator).WithKapsoCommands(settings, simulator?.GetEndpoint("http"));

builder.RefuseIfTaken();
builder.Build().Run();
