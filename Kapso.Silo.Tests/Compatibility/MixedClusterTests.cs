using Kapso.Api.Hosting;
using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Hosting;
using Kapso.Platform.Settings;
using Kapso.Silo.Tests.Processes;

namespace Kapso.Silo.Tests.Compatibility;

/// <summary>A cluster while it is moved up: an earlier silo and API together with today's.</summary>
[Collection(WithEarlierVersion.Name)]
public sealed class MixedClusterTests(EarlierVersion earlier)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [HistoryFact]
    public async Task Silos_and_APIs_of_both_versions_work_as_one_service()
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var scenario = await Scenario.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var cluster = await ServiceProcesses.StartAsync(
            redis,
            new ServicePrograms([earlier.Hosts.Silo, Hosts.Today.Silo], [earlier.Hosts.Api, Hosts.Today.Api]),
            scenario.Settings(),
            patience.Token);
        using var service = new Callers(cluster.Apis, Scenario.ManagementKey);

        // An API learns of a silo within seconds of its start: until then all of its customers are the other's.
        var probes = new List<string>();
        await Wait.ForAsync(
            async () =>
            {
                probes.Add($"nobody-{probes.Count}");
                await service.UntilReachedAsync(Scenario.Project, probes[^1]);
                return (await OwnersAsync(redis, probes)).Count == 2;
            },
            "both silos to be called");
        await scenario.TellAsync(service);
        await scenario.ShowAsync(service);
        Assert.Equal(2, (await OwnersAsync(redis, Scenario.Plain)).Count);
        await scenario.GoOnAsync(service);
    }

    /// <summary>The silos that own a customer each.</summary>
    private static async Task<HashSet<SiloAddress>> OwnersAsync(RedisServer redis, IEnumerable<string> customers)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["ConnectionStrings:redis"] = $"127.0.0.1:{redis.Port}";
        builder.Services.AddOptions<KapsoOptions>();
        builder.AddClusterRedis();
        builder.AddClusterEngine(tracesCalls: false);
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var management = grains.GetGrain<IManagementGrain>(0);
        var owners = new HashSet<SiloAddress>();
        foreach (var customer in customers)
        {
            var grain = grains.GetGrain<IConnectionGrain>(GrainKey.Of(new CustomerKey(Scenario.Project, customer)));
            if (await management.GetActivationAddress(grain) is { } silo)
                owners.Add(silo);
        }

        await host.StopAsync();
        return owners;
    }
}
