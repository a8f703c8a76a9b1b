using Kapso.Grains.Hosting;
using Kapso.Grains.Kept;
using Kapso.Grains.Store;
using Kapso.Platform.Settings;
using Kapso.ServiceDefaults;
using Kapso.Silo.Customers;
using Kapso.Silo.Index;
using Kapso.Silo.Sending;
using Kapso.Silo.Sweeping;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Dashboard;
using StackExchange.Redis;

namespace Kapso.Silo.Hosting;

/// <summary>Makes a host a silo of the cluster.</summary>
public static class SiloExtensions
{
    /// <summary>
    /// Adds a silo with the engine's grains: cluster, records and reminders in Redis. The host registers a keyed
    /// <see cref="IConnectionMultiplexer"/> under <see cref="ClusterEngineExtensions.RedisName"/>, and the effect runners. Ports
    /// and address come from <c>Orleans:Endpoints</c>.
    /// </summary>
    public static IHostApplicationBuilder AddKapsoSilo(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<SiloEngineOptions>().Configure<IOptions<KapsoOptions>, ProjectPolicies>(
            (engine, settings, policies) =>
            {
                engine.Policy = policies.For;
                engine.Parallelism = settings.Value.Outbox.Parallelism;
                engine.ParkedMaxAge = settings.Value.Parked.MaxAge;
                engine.ParkedMaxCount = settings.Value.Parked.MaxCount;
            });
        builder.Services.AddClusterBudget();
        builder.Services.AddHostedService<RedisWatch>();
        builder.Services.AddHealthChecks().AddCheck<SiloCheck>("silo");
        builder.UseOrleans(silo =>
        {
            silo.UseRedisClustering(_ => { });
            silo.UseRedisReminderService(_ => { });
            silo.AddConnectionStorage();
            silo.Services.UseKeyedRedis<RedisClusteringOptions>((clustering, redis) =>
            {
                clustering.ConfigurationOptions = new ConfigurationOptions();
                clustering.CreateMultiplexer = _ => Task.FromResult((redis, true));
            });
            silo.Services.UseKeyedRedis<RedisReminderTableOptions>((reminders, redis) =>
            {
                reminders.ConfigurationOptions = new ConfigurationOptions();
                reminders.CreateMultiplexer = _ => Task.FromResult((redis, true));
            });
            if (builder.ExportsTelemetry())
                silo.AddActivityPropagation();
            if (builder.HasClusterDashboard())
                silo.AddDashboard();
            silo.AddConnectionGrains(builder.Configuration);
            SiloTimes.Set(silo);
        });
        return builder;
    }

    /// <summary>Adds the grains and what they use, but for clustering, storage and reminders.</summary>
    internal static ISiloBuilder AddConnectionGrains(this ISiloBuilder silo, IConfiguration configuration)
    {
        var services = silo.Services;
        services.AddClusterNames(configuration);
        services.AddClusterStore();
        services.AddSingleton<HintStore>();
        services.AddSingleton(provider => new ParkedStore(
            provider.GetRequiredKeyedService<IConnectionMultiplexer>(ClusterEngineExtensions.RedisName), provider.GetRequiredService<StoreKeys>()));
        services.AddSingleton<Retention>();
        services.AddSingleton<StoreHealth>();
        services.AddSingleton<FirstStart>();
        services.AddSingleton<TailWriter>();
        services.AddSingleton<ConnectionIndex>();
        services.AddSingleton<Policies>();
        services.AddSingleton<EffectSender>();
        services.AddSingleton<SweptProjects>();
        services.AddSingleton<SiloPreparation>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloPreparation>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<EffectSender>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SweptProjects>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ClusterGauges>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ClusterMembers>();
        return silo;
    }

    /// <summary>Keeps the grains' records in Redis, in the stored form that both engines share.</summary>
    internal static ISiloBuilder AddConnectionStorage(this ISiloBuilder silo) => silo.AddRedisGrainStorage(
        ConnectionGrain.StorageName,
        options => options.Configure<IServiceProvider>((storage, provider) =>
        {
            var redis = provider.GetRequiredKeyedService<IConnectionMultiplexer>(ClusterEngineExtensions.RedisName);
            storage.ConfigurationOptions = new ConfigurationOptions();
            storage.CreateMultiplexer = _ => Task.FromResult((redis, true));
            storage.GrainStorageSerializer = new ConnectionRecordSerializer();
        }));
}
