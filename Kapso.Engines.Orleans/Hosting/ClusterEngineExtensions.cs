using Kapso.Engines.Budget;
using Kapso.Engines.Orleans.Budget;
using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Redis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>Makes a host a client of the cluster.</summary>
public static class ClusterEngineExtensions
{
    /// <summary>
    /// Adds the cluster's engine as the host's <see cref="IConnectionEngine"/>, and the Orleans client that it calls. The host
    /// registers a keyed <see cref="IConnectionMultiplexer"/> under <see cref="RedisConnection.Name"/>, and <see cref="ClusterEngineOptions"/>. It need not wait for a silo: calls
    /// fail until one is there, and the client keeps looking for one.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="tracesCalls">Whether traces go on in the silos. It costs time with each call.</param>
    public static IHostApplicationBuilder AddClusterEngine(this IHostApplicationBuilder builder, bool tracesCalls)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSharedMinute();

        // Otherwise the host would listen only once a silo is there.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);

        builder.Services.AddHostedService<RedisWatch>();
        builder.Services.AddSingleton<ClusterWatch>();
        builder.Services.AddSingleton<IClientConnectionRetryFilter>(provider => provider.GetRequiredService<ClusterWatch>());
        builder.Services.AddSingleton<IClusterConnectionStatusObserver>(provider => provider.GetRequiredService<ClusterWatch>());
        builder.Services.StartAfterStore(() => builder.UseOrleansClient(client =>
        {
            client.UseRedisClustering(_ => { });
            client.Services.UseKeyedRedis<RedisClusteringOptions>((clustering, redis) =>
            {
                clustering.ConfigurationOptions = new ConfigurationOptions();
                clustering.CreateMultiplexer = _ => Task.FromResult((redis, true));
            });
            if (tracesCalls)
                client.AddActivityPropagation();
            client.AddClusterEngine(builder.Configuration);
        }));
        return builder;
    }

    /// <summary>Adds the engine to a client whose clustering is configured elsewhere.</summary>
    internal static IClientBuilder AddClusterEngine(this IClientBuilder client, IConfiguration configuration)
    {
        client.Services.AddClusterNames(configuration);

        // A call that nobody waits for any more is not worth a silo's time.
        client.Services.AddOptions<ClientMessagingOptions>().Configure<IOptions<ClusterEngineOptions>>(
            (messaging, engine) => messaging.ResponseTimeout = engine.Value.CallTimeout);

        // A silo that was voted out is not called for longer than that: one small read each time.
        client.Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        client.Services.AddClusterStore();
        client.Services.TryAddSingleton<StoreReplacements>();
        client.Services.TryAddSingleton<StoreWatch, ClientStoreWatch>();
        client.Services.TryAddSingleton(provider => new ClusterEngine(
            provider.GetRequiredService<IClusterClient>(),
            provider.GetRequiredKeyedService<IConnectionMultiplexer>(RedisConnection.Name),
            provider.GetRequiredService<StoreKeys>(),
            provider.GetRequiredService<EngineClock>(),
            provider.GetRequiredService<ArrivalCounter>(),
            provider.GetRequiredService<StoreWatch>(),
            provider.GetRequiredService<IOptions<ClusterEngineOptions>>(),
            provider.GetRequiredService<ILogger<ClusterEngine>>()));
        client.Services.AddSingleton<IConnectionEngine>(provider => provider.GetRequiredService<ClusterEngine>());
        return client;
    }

    /// <summary>Adds what silos and their clients share: how calls are written, and the names of things in Redis.</summary>
    internal static IServiceCollection AddClusterStore(this IServiceCollection services)
    {
        services.AddCallSerialization();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new EngineClock(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ArrivalCounter>();
        services.TryAddSingleton<ProcessFailure>();
        services.TryAddSingleton<RedisAdmission>();
        services.TryAddSingleton<StoreIdentity>();
        services.TryAddSingleton(provider => new StoreKeys(provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId));
        return services;
    }

    /// <summary>Has the processes of the cluster share the platform's limit of calls, in place of one for each of them.</summary>
    internal static IServiceCollection AddSharedMinute(this IServiceCollection services) =>
        services.AddSingleton<IMinute>(provider => new SharedMinute(
            provider.GetRequiredKeyedService<IConnectionMultiplexer>(RedisConnection.Name),
            provider.GetRequiredService<StoreKeys>(),
            provider.GetRequiredService<IOptions<BudgetOptions>>().Value.RequestsPerMinute,
            IMinute.Length));

    /// <summary>
    /// Names service and cluster, unless the configuration does (<c>Orleans:ServiceId</c>, <c>Orleans:ClusterId</c>): what is
    /// kept in Redis is found under the service's id, so that it must never depend on a default that may change.
    /// </summary>
    internal static IServiceCollection AddClusterNames(this IServiceCollection services, IConfiguration configuration) =>
        services.PostConfigure<ClusterOptions>(cluster =>
        {
            cluster.ServiceId = configuration["Orleans:ServiceId"] is { Length: > 0 } service ? service : "kapso";
            cluster.ClusterId = configuration["Orleans:ClusterId"] is { Length: > 0 } id ? id : "kapso";
        });

    /// <summary>Makes a provider of Orleans use the host's keyed connection to Redis.</summary>
    internal static void UseKeyedRedis<TOptions>(this IServiceCollection services, Action<TOptions, IConnectionMultiplexer> use)
        where TOptions : class =>
        services.AddOptions<TOptions>().Configure<IServiceProvider>((options, provider) =>
            use(options, provider.GetRequiredKeyedService<IConnectionMultiplexer>(RedisConnection.Name)));
}
