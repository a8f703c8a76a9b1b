using System.Net;

namespace Kapso.Silo.Tests.Stores;

/// <summary>Processes on a Redis whose configuration loses what it acknowledged.</summary>
public sealed class WeakStoreTests
{
    private static readonly string[] Durable = ["--appendonly", "yes", "--appendfsync", "always"];

    [Theory]
    [InlineData("throws connections away when its memory is full (maxmemory-policy allkeys-lru)", "--maxmemory", "40mb", "--maxmemory-policy", "allkeys-lru")]
    [InlineData("appendfsync everysec", "--appendfsync", "everysec")]
    [InlineData("without an append-only file", "--appendonly", "no")]
    [InlineData("leaves the flush out while it rewrites its file (no-appendfsync-on-rewrite yes)", "--no-appendfsync-on-rewrite", "yes")]
    public async Task What_is_known_to_lose_data_is_not_ready_and_says_why(string why, params string[] settings)
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync([.. Durable, .. settings]);
        await using var silo = ServiceProcess.Launch(Hosts.Silo, Hosts.SettingsOn(redis));
        await using var api = ServiceProcess.Launch(Hosts.Api, Hosts.SettingsOn(redis));

        await silo.UntilHealthAsync(HttpStatusCode.ServiceUnavailable, why, patience.Token);
        await api.UntilHealthAsync(HttpStatusCode.ServiceUnavailable, "not_ready", patience.Token);
        foreach (var process in (ServiceProcess[])[silo, api])
        {
            await process.UntilSaidAsync("Connections and welcomes can be lost: Redis");
            Assert.Contains("crit:", process.Output, StringComparison.Ordinal);
            Assert.Contains(why, process.Output, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await process.AskAsync("/alive", patience.Token))!.Value.Status);
        }
    }

    [Fact]
    public async Task Where_it_is_accepted_it_is_told_and_the_process_is_ready()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync("--appendonly", "no");
        var (ofSilo, ofApi) = (Hosts.SettingsOn(redis), Hosts.SettingsOn(redis));
        ofSilo["Kapso:Redis:AcceptWeakerDurability"] = ofApi["Kapso:Redis:AcceptWeakerDurability"] = "true";
        await using var silo = await ServiceProcess.StartAsync(Hosts.Silo, ofSilo, patience.Token);
        await using var api = await ServiceProcess.StartAsync(Hosts.Api, ofApi, patience.Token);

        await silo.UntilSaidAsync("Connections and welcomes can be lost: Redis runs without an append-only file");
        await api.UntilSaidAsync("It is accepted (Kapso:Redis:AcceptWeakerDurability).");
        await silo.UntilHealthAsync(HttpStatusCode.OK, "without an append-only file", patience.Token);
    }

    [Fact]
    public async Task It_is_found_when_it_changes_under_running_processes_and_when_it_is_repaired()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await redis.ConnectAsync();
        var server = connection.GetServer("127.0.0.1", redis.Port);
        await using var silo = await ServiceProcess.StartAsync(Hosts.Silo, Hosts.SettingsOn(redis), patience.Token);
        await using var api = await ServiceProcess.StartAsync(Hosts.Api, Hosts.SettingsOn(redis), patience.Token);
        Assert.DoesNotContain("crit:", silo.Output + api.Output, StringComparison.Ordinal);

        await server.ConfigSetAsync("maxmemory-policy", "allkeys-random");
        await server.ConfigSetAsync("maxmemory", "1gb");
        await silo.UntilHealthAsync(HttpStatusCode.ServiceUnavailable, "allkeys-random", patience.Token);
        await api.UntilHealthAsync(HttpStatusCode.ServiceUnavailable, "not_ready", patience.Token);
        await silo.UntilSaidAsync("Connections and welcomes can be lost");
        await api.UntilSaidAsync("Connections and welcomes can be lost");

        await server.ConfigSetAsync("maxmemory-policy", "noeviction");
        await silo.UntilHealthAsync(HttpStatusCode.OK, "ready", patience.Token);
        await api.UntilHealthAsync(HttpStatusCode.OK, "ready", patience.Token);
        await silo.UntilSaidAsync("Redis keeps what it acknowledges.");
    }

    [Fact]
    public async Task A_Redis_that_hides_its_configuration_is_ready_and_says_what_to_look_at()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync([.. Durable, "--rename-command", "CONFIG", ""]);
        await using var silo = await ServiceProcess.StartAsync(Hosts.Silo, Hosts.SettingsOn(redis), patience.Token);
        await using var api = await ServiceProcess.StartAsync(Hosts.Api, Hosts.SettingsOn(redis), patience.Token);

        await silo.UntilHealthAsync(HttpStatusCode.OK, "look by hand whether it has appendonly yes, appendfsync always and maxmemory-policy noeviction", patience.Token);
        await silo.UntilSaidAsync("look by hand");
        await api.UntilSaidAsync("look by hand");
    }
}
