using System.Diagnostics.CodeAnalysis;
using Kapso.Engines.Orleans.Hosting;
using Kapso.Engines.Orleans.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kapso.Silo.Tests.Clusters;

public sealed class SiloHealthTests
{
    [Fact]
    public async Task A_silo_is_healthy_as_long_as_it_is_a_member_of_the_cluster()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await redis.ConnectAsync();
        await using var cluster = await EngineCluster.StartAsync(new ClusterSetup { Redis = connection });
        var services = cluster.Silos.GetSiloServiceProvider();

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(services, services.GetRequiredService<ISiloStatusOracle>())).Status);

        var dead = await CheckAsync(services, new Membership(SiloStatus.Dead));
        Assert.Equal(HealthStatus.Unhealthy, dead.Status);
        Assert.Contains("no longer a member of the cluster", dead.Description, StringComparison.Ordinal);
        foreach (var status in (SiloStatus[])[SiloStatus.Joining, SiloStatus.ShuttingDown, SiloStatus.Stopping])
        {
            var passing = await CheckAsync(services, new Membership(status));
            Assert.Equal((HealthStatus.Unhealthy, "The silo is starting or stopping."), (passing.Status, passing.Description));
        }

        await connection.GetDatabase().ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", "1");
        var readOnly = await CheckAsync(services, services.GetRequiredService<ISiloStatusOracle>());
        Assert.Equal(HealthStatus.Unhealthy, readOnly.Status);
        Assert.Contains("Redis did not take a write", readOnly.Description, StringComparison.Ordinal);
        await connection.GetDatabase().ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", "0");
    }

    private static Task<HealthCheckResult> CheckAsync(IServiceProvider services, ISiloStatusOracle membership) => new SiloCheck(
            services.GetRequiredService<SiloPreparation>(), membership, services.GetRequiredService<StoreHealth>(),
            services.GetRequiredService<IHostApplicationLifetime>())
        .CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);

    /// <summary>What the cluster says of this silo.</summary>
    private sealed class Membership(SiloStatus status) : ISiloStatusOracle
    {
        public SiloStatus CurrentStatus => status;

        public string SiloName => "silo";

        public SiloAddress SiloAddress => throw new NotSupportedException();

        public SiloAddress[] GetActiveSilos() => throw new NotSupportedException();

        public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) => throw new NotSupportedException();

        public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false) => throw new NotSupportedException();

        public bool TryGetSiloName(SiloAddress siloAddress, [NotNullWhen(true)] out string? siloName) => throw new NotSupportedException();

        public bool IsFunctionalDirectory(SiloAddress siloAddress) => throw new NotSupportedException();

        public bool IsDeadSilo(SiloAddress silo) => throw new NotSupportedException();

        public bool SubscribeToSiloStatusEvents(ISiloStatusListener observer) => throw new NotSupportedException();

        public bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer) => throw new NotSupportedException();
    }
}
