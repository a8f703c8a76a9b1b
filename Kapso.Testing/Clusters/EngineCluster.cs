using Kapso.Engines.Orleans;
using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Grains;
using Kapso.Engines.Orleans.Hosting;
using Kapso.Engines.Orleans.Redis;
using Orleans.Storage;
using Orleans.TestingHost;
using StackExchange.Redis;

namespace Kapso.Testing.Clusters;

/// <summary>What a cluster under test is made of.</summary>
internal sealed record ClusterSetup
{
    public required ConnectionMultiplexer Redis { get; init; }

    /// <summary>Where records are kept; null for Redis.</summary>
    public MemoryStorage? Storage { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<string, ConnectionPolicy> Policy { get; init; } = _ => new ConnectionPolicy { Notifies = true };

    public IReadOnlyList<IEffectRunner> Runners { get; init; } = [];

    public short Silos { get; init; } = 1;

    /// <summary>Where no test speaks of it, a machine that is busy with something else is no fault.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often who watches looks by himself.</summary>
    public TimeSpan WatchInterval { get; init; } = new ClusterEngineOptions().WatchInterval;

    public int ParkedMaxCount { get; init; } = 10_000;

    public TimeSpan AuditKeep { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Whether the sweep wakes customers.</summary>
    public bool Wakes { get; init; } = true;

    /// <summary>Told of each call that came into a customer's grain and may change something; null for nobody.</summary>
    public Action? CameIn { get; init; }

    public string ServiceId { get; init; } = "test-" + Guid.NewGuid().ToString("N")[..8];
}

/// <summary>Silos with the engine's grains and a client of theirs, in this process.</summary>
internal sealed class EngineCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private EngineCluster(InProcessTestCluster cluster) => _cluster = cluster;

    public ClusterEngine Engine => _cluster.Client.ServiceProvider.GetRequiredService<ClusterEngine>();

    public IGrainFactory Grains => _cluster.Client;

    public InProcessTestCluster Silos => _cluster;

    public static async Task<EngineCluster> StartAsync(ClusterSetup setup)
    {
        var builder = new InProcessTestClusterBuilder(setup.Silos);
        builder.Options.ServiceId = setup.ServiceId;
        builder.Options.ClusterId = "cluster-" + Guid.NewGuid().ToString("N")[..8];
        builder.Options.ConfigureFileLogging = false;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Orleans:ServiceId"] = builder.Options.ServiceId,
            ["Orleans:ClusterId"] = builder.Options.ClusterId,
        }).Build();
        builder.ConfigureSilo((_, silo) => Configure(silo, setup, configuration));
        builder.ConfigureClient(client =>
        {
            AddCommon(client.Services, setup);
            client.AddClusterEngine(configuration);
            client.Services.Configure<ClusterEngineOptions>(engine =>
            {
                engine.CallTimeout = setup.CallTimeout;
                engine.WatchInterval = setup.WatchInterval;
                engine.ParkedMaxCount = setup.ParkedMaxCount;
            });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new EngineCluster(cluster);
    }

    public IConnectionGrain Grain(CustomerKey key) => Grains.GetGrain<IConnectionGrain>(GrainKey.Of(key));

    public Task SweepAsync(string project) => Grains.GetGrain<ISweepGrain>(project).SweepAsync();

    /// <summary>Ends when the project's index of due times is empty: then no effect waits and the last write of each customer is done.</summary>
    public async Task UntilNothingIsDueAsync(ConnectionMultiplexer redis, string project)
    {
        var due = $"{Silos.Options.ServiceId}/due/{project}";
        await Wait.ForAsync(
            async () => await redis.GetDatabase().SortedSetLengthAsync(due) == 0, "an index of due times in which no entry is left");
    }

    /// <summary>Ends every silo without a word, and its client.</summary>
    public async Task KillAsync()
    {
        await Task.WhenAll(_cluster.Silos.Select(_cluster.KillSiloAsync));
        await _cluster.KillClientAsync();
        await _cluster.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    private static void Configure(ISiloBuilder silo, ClusterSetup setup, IConfiguration configuration)
    {
        AddCommon(silo.Services, setup);
        foreach (var runner in setup.Runners)
            silo.Services.AddSingleton(runner);
        silo.Services.Configure<EngineOptions>(engine =>
        {
            engine.Policy = (project, _) => setup.Policy(project);
            engine.ParkedMaxCount = setup.ParkedMaxCount;
            engine.AuditKeep = setup.AuditKeep;
        });
        silo.UseInMemoryReminderService();
        if (setup.Storage is { } storage)
            silo.Services.AddKeyedSingleton<IGrainStorage>(ConnectionGrain.StorageName, storage);
        else
            silo.AddConnectionStorage();
        silo.AddConnectionGrains(configuration);
        if (!setup.Wakes)
            silo.AddIncomingGrainCallFilter(call => call.MethodName == nameof(IConnectionGrain.WakeAsync) ? Task.CompletedTask : call.Invoke());
        if (setup.CameIn is { } cameIn)
        {
            silo.AddIncomingGrainCallFilter(async call =>
            {
                var answered = call.Invoke();
                if (call.Grain is ConnectionGrain && call.MethodName != nameof(IConnectionGrain.FindAsync))
                    cameIn();
                await answered;
            });
        }

        SiloTimes.Set(silo);
    }

    private static void AddCommon(IServiceCollection services, ClusterSetup setup)
    {
        // Not disposed with a silo: others use it, too.
        services.AddKeyedSingleton<IConnectionMultiplexer>(RedisConnection.Name, setup.Redis);
        services.AddSingleton(new EngineClock(setup.Time));
    }
}
