using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Kapso.Silo.Tests.Stores;

/// <summary>Processes that are started before Redis, and stopped while it is away.</summary>
public sealed class AbsentStoreTests
{
    /// <summary>The grace time is 5 s in Development; a busy machine takes longer for everything. Without an end of its own it took two minutes.</summary>
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Silos_wait_for_a_Redis_that_is_started_after_them()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = RedisServer.Prepare(RedisProgram.RedisServer());
        await using var silo = ServiceProcess.Launch(Hosts.Silo, Hosts.SettingsOn(redis));
        await using var api = ServiceProcess.Launch(Hosts.Api, Hosts.SettingsOn(redis));
        foreach (var process in (ServiceProcess[])[silo, api])
        {
            await process.UntilSaidAsync("is away: it could not be reached.");
            await process.UntilHealthAsync(HttpStatusCode.ServiceUnavailable, "not_ready", patience.Token);
            Assert.Equal(HttpStatusCode.OK, (await process.AskAsync("/alive", patience.Token))!.Value.Status);
        }

        await redis.RestartAsync();
        await Task.WhenAll(silo.UntilReadyAsync(patience.Token), api.UntilReadyAsync(patience.Token));
        Assert.DoesNotContain("   at ", silo.Output + api.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_takes_no_writes_until_its_replica_is_back_is_waited_for()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always", "--min-replicas-to-write", "1");
        await using var silo = ServiceProcess.Launch(Hosts.Silo, Hosts.SettingsOn(redis));
        await using var api = ServiceProcess.Launch(Hosts.Api, Hosts.SettingsOn(redis));
        foreach (var process in (ServiceProcess[])[silo, api])
        {
            await process.UntilSaidAsync("Redis cannot be worked with yet; it is waited for: NOREPLICAS");
            await process.UntilHealthAsync(HttpStatusCode.ServiceUnavailable, "not_ready", patience.Token);
        }

        await using (var connection = await redis.ConnectAsync())
            await connection.GetServer("127.0.0.1", redis.Port).ConfigSetAsync("min-replicas-to-write", "0");
        await Task.WhenAll(silo.UntilReadyAsync(patience.Token), api.UntilReadyAsync(patience.Token));
    }

    [Theory]
    [InlineData(Hosts.Silo)]
    [InlineData(Hosts.Api)]
    public async Task An_address_that_is_not_this_machines_is_told_at_once(string host)
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = RedisServer.Prepare(RedisProgram.RedisServer());
        var settings = Hosts.SettingsOn(redis);
        settings["ASPNETCORE_URLS"] = "http://198.51.100.1:8080"; // Of a network that is for documents.
        await using var process = ServiceProcess.Launch(host, settings);

        await AssertDoesNotStartAsync(process, "it cannot listen at http://198.51.100.1:8080: ", patience.Token);
    }

    [Theory]
    [InlineData(Hosts.Silo)]
    [InlineData(Hosts.Api)]
    public async Task One_that_waits_for_Redis_can_be_stopped(string host)
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = RedisServer.Prepare(RedisProgram.RedisServer());
        await using var process = ServiceProcess.Launch(host, Hosts.SettingsOn(redis));
        await process.UntilSaidAsync("is away: it could not be reached.");

        await AssertStopsAsync(process, patience.Token);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Hosts.Silo)]
    [InlineData(Hosts.Api)]
    public async Task A_port_that_is_taken_is_told_at_once_and_not_when_Redis_has_come(string host)
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = RedisServer.Prepare(RedisProgram.RedisServer());
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var process = ServiceProcess.Launch(host, Hosts.SettingsOn(redis), port);

        await AssertDoesNotStartAsync(process, $"Failed to bind to address http://127.0.0.1:{port}", patience.Token);
    }

    [Fact]
    public async Task A_stop_ends_within_the_grace_time_while_Redis_is_away()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync();
        await using var silo = await ServiceProcess.StartAsync(Hosts.Silo, Hosts.SettingsOn(redis), patience.Token);
        await using var api = await ServiceProcess.StartAsync(Hosts.Api, Hosts.SettingsOn(redis), patience.Token);
        await redis.KillAsync();
        await silo.UntilHealthAsync(HttpStatusCode.ServiceUnavailable, "Redis did not take a write", patience.Token);

        await AssertStopsAsync(api, patience.Token);
        await AssertStopsAsync(silo, patience.Token);
    }

    private static async Task AssertDoesNotStartAsync(ServiceProcess process, string why, CancellationToken cancellationToken)
    {
        Assert.Equal(1, await process.EndedAsync(cancellationToken));
        Assert.Contains("Kapso does not start: " + why, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }

    private static async Task AssertStopsAsync(ServiceProcess process, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        await process.StopAsync();
        Assert.Equal(0, await process.EndedAsync(cancellationToken));
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, StopsWithin);
    }
}
