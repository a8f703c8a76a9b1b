using Kapso.Engines.Orleans.Grains;
using Kapso.Engines.Orleans.Redis;
using Kapso.Engines.Orleans.Sending;
using Kapso.Engines.Orleans.Sweep;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>Makes a host a silo of the cluster.</summary>
public static class SiloEngineExtensions
{
    /// <summary>
    /// Adds a silo with the engine's grains: cluster, records and reminders in Redis. The host registers a keyed
    /// <see cref="IConnectionMultiplexer"/> under <see cref="RedisConnection.Name"/>, <see cref="EngineOptions"/> and the
    /// effect runners. Ports and address come from <c>Orleans:Endpoints</c>.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="tracesCalls">Whether traces go on in the silos. It costs time with each call.</param>
    /// <param name="more">What the host adds to its silo.</param>
    public static IHostApplicationBuilder AddSiloEngine(
        this IHostApplicationBuilder builder, bool tracesCalls, Action<ISiloBuilder>? more = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSharedMinute();

        // Otherwise a silo that waits for Redis would not even say that it lives.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.Services.AddHostedService<RedisWatch>();
        builder.Services.AddHealthChecks().AddCheck<SiloCheck>("silo");
        builder.Services.StartAfterStore(() => builder.UseOrleans(silo =>
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
            if (tracesCalls)
                silo.AddActivityPropagation();
            more?.Invoke(silo);
            silo.AddConnectionGrains(builder.Configuration);
            SiloTimes.Set(silo);
        }));
        return builder;
    }

    /// <summary>Adds the grains and what they use, but for clustering, storage and reminders.</summary>
    internal static ISiloBuilder AddConnectionGrains(this ISiloBuilder silo, IConfiguration configuration)
    {
        var services = silo.Services;
        services.AddClusterNames(configuration);
        services.AddClusterStore();
        services.AddSingleton<HintStore>();
        services.AddSingleton<AuditStore>();
        services.AddSingleton<ErasureStore>();
        services.AddSingleton(provider => new ParkedStore(
            provider.GetRequiredKeyedService<IConnectionMultiplexer>(RedisConnection.Name), provider.GetRequiredService<StoreKeys>()));
        services.AddSingleton<Retention>();
        services.AddSingleton<StoreWatch, SiloStoreWatch>();
        services.AddSingleton<StoreHealth>();
        services.AddSingleton<FirstStart>();
        services.AddSingleton<TailWriter>();
        services.AddSingleton<ConnectionIndex>();
        services.AddSingleton<ReceiverStore>();
        services.AddSingleton<MessageStore>();
        services.AddSingleton<ReceiverWatch>();
        services.AddSingleton<Policies>();
        services.AddSingleton<SentMessages>();
        services.AddSingleton<EffectSender>();
        services.AddSingleton<SweptProjects>();
        services.AddSingleton<SiloPreparation>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloPreparation>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<EffectSender>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ReceiverWatch>());
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
            var redis = provider.GetRequiredKeyedService<IConnectionMultiplexer>(RedisConnection.Name);
            storage.ConfigurationOptions = new ConfigurationOptions();
            storage.CreateMultiplexer = _ => Task.FromResult((redis, true));
            storage.GrainStorageSerializer = new ConnectionRecordSerializer();
            storage.DeleteStateOnClear = true; // Of an erased customer not even the record's name is left.
        }));
}
