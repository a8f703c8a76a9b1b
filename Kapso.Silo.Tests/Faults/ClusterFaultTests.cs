namespace Kapso.Silo.Tests.Faults;

public sealed class ClusterFaultTests
{
    [Fact]
    public async Task A_silo_that_is_killed_under_load_loses_nothing()
    {
        await using var stage = await FaultStage.OpenAsync(silos: 2);
        var running = stage.Traffic.RunAsync(() => stage.Cluster.Engine, customers: 400, CancellationToken.None);
        await Wait.ForAsync(() => stage.Traffic.Answered >= 50, "50 answered deliveries");

        await stage.Cluster.Silos.KillSiloAsync(stage.Cluster.Silos.Silos[1]);
        await running;

        await stage.AssertAsync();
        Assert.Equal(400, stage.Traffic.Answered);
    }

    [Fact]
    public async Task Silos_that_come_and_go_lose_nothing()
    {
        await using var stage = await FaultStage.OpenAsync(silos: 2);
        using var stop = new CancellationTokenSource();
        var running = stage.Traffic.RunAsync(() => stage.Cluster.Engine, customers: 20_000, stop.Token);
        for (var round = 0; round < 3; round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            await stage.Cluster.Silos.StartAdditionalSiloAsync();
            await stage.Cluster.Silos.StopSiloAsync(stage.Cluster.Silos.Silos[1]);
        }

        await stop.CancelAsync();
        await running;
        await stage.AssertAsync();
    }

    [Fact]
    public async Task A_Redis_that_is_killed_and_started_again_loses_nothing()
    {
        await using var stage = await FaultStage.OpenAsync(silos: 1);
        using var stop = new CancellationTokenSource();
        var running = stage.Traffic.RunAsync(() => stage.Cluster.Engine, customers: 20_000, stop.Token);
        for (var round = 0; round < 2; round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            await stage.Server.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(1));
            await stage.Server.RestartAsync();
        }

        await Task.Delay(TimeSpan.FromSeconds(1));
        await stop.CancelAsync();
        await running;
        await stage.AssertAsync();
    }

    /// <summary>Silos whose records are in Redis, and customers who connect.</summary>
    private sealed class FaultStage : IAsyncDisposable
    {
        public required RedisServer Server { get; init; }

        public required StackExchange.Redis.ConnectionMultiplexer Redis { get; init; }

        public required EngineCluster Cluster { get; init; }

        public required Traffic Traffic { get; init; }

        public static async Task<FaultStage> OpenAsync(short silos)
        {
            var server = await RedisServer.StartAsync();
            var redis = await server.ConnectAsync();
            var welcomes = new RecordingRunner(EffectKind.Welcome);
            var cluster = await EngineCluster.StartAsync(new ClusterSetup
            {
                Redis = redis,
                Policy = _ => new ConnectionPolicy { Lease = TimeSpan.FromSeconds(3) },
                Runners = [welcomes],
                Silos = silos,
                CallTimeout = TimeSpan.FromSeconds(5),
            });
            return new FaultStage { Server = server, Redis = redis, Cluster = cluster, Traffic = new Traffic(welcomes) };
        }

        public Task AssertAsync() => Traffic.AssertAsync(Cluster.Engine, async () =>
        {
            try
            {
                await Cluster.SweepAsync("project");
            }
            catch (Exception exception) when (exception is TimeoutException or Orleans.Runtime.OrleansException)
            {
                // The sweep's silo has just gone: the next call reaches another.
            }
        });

        public async ValueTask DisposeAsync()
        {
            await Cluster.DisposeAsync();
            await Redis.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
