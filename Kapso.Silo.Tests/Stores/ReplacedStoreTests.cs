using System.Net;
using Kapso.Engines.Orleans.Redis;

namespace Kapso.Silo.Tests.Stores;

/// <summary>A store that is emptied or replaced while silos and API work on it.</summary>
public sealed class ReplacedStoreTests
{
    private const string Sentence = "was emptied, or another one took its place, while this silo worked on it";

    public enum Loss
    {
        Flushed,
        StartedOnAnEmptyFolder,
        ReplacedByAnother,
    }

    [Theory]
    [InlineData(Loss.Flushed)]
    [InlineData(Loss.StartedOnAnEmptyFolder)]
    [InlineData(Loss.ReplacedByAnother)]
    public async Task Silos_end_with_a_sentence_and_the_API_is_not_ready_until_they_are_back_as_one_cluster(Loss loss)
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync();
        Dictionary<string, string>[] settings = [Hosts.SettingsOn(redis), Hosts.SettingsOn(redis)];
        await using var one = await ServiceProcess.StartAsync(Hosts.Silo, settings[0], patience.Token);
        await using var other = await ServiceProcess.StartAsync(Hosts.Silo, settings[1], patience.Token);
        await using var api = await ServiceProcess.StartAsync(Hosts.Api, Hosts.SettingsOn(redis), patience.Token);
        using var client = CrashProject.Operator(api.Address);
        await UntilAppliedAsync(client, Delivery.New(1), patience.Token);

        await LoseAsync(redis, loss);
        foreach (var silo in (ServiceProcess[])[one, other])
        {
            Assert.Equal(1, await silo.EndedAsync(patience.Token));
            Assert.Contains(Sentence, silo.Output, StringComparison.Ordinal);
        }

        await api.UntilHealthAsync(HttpStatusCode.ServiceUnavailable, "not_ready", patience.Token);
        Assert.Contains("This process is not ready until silos have begun on it anew.", api.Output, StringComparison.Ordinal);

        await using var oneAgain = await ServiceProcess.StartAsync(Hosts.Silo, settings[0], patience.Token);
        await using var otherAgain = await ServiceProcess.StartAsync(Hosts.Silo, settings[1], patience.Token);
        await api.UntilReadyAsync(patience.Token);
        await otherAgain.UntilSaidAsync("(active silos: 2)");
        await UntilAppliedAsync(client, Delivery.New(2), patience.Token);
        foreach (var process in (ServiceProcess[])[oneAgain, api])
            await process.UntilSaidAsync("numbers that are learned from the platform's API are adopted, not greeted");
    }

    [Fact]
    public async Task Nothing_is_begun_on_an_emptied_store_by_a_silo_that_knew_the_one_before()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await redis.ConnectAsync();
        await using var silo = await ServiceProcess.StartAsync(Hosts.Silo, Hosts.SettingsOn(redis), patience.Token);
        await using var api = await ServiceProcess.StartAsync(Hosts.Api, Hosts.SettingsOn(redis), patience.Token);
        using var client = CrashProject.Operator(api.Address);
        await UntilAppliedAsync(client, Delivery.New(1), patience.Token);

        // Before it looks again by itself.
        await LoseAsync(redis, Loss.Flushed);
        await CrashProject.SendAsync(client, Delivery.New(2));
        Assert.Equal(1, await silo.EndedAsync(patience.Token));
        Assert.Contains(Sentence, silo.Output, StringComparison.Ordinal);
        Assert.Empty(connection.GetServer("127.0.0.1", redis.Port).Keys(pattern: "kapso/state/*"));
    }

    [Fact]
    public async Task An_API_goes_on_when_its_own_store_is_back()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await redis.ConnectAsync();
        var settings = Hosts.SettingsOn(redis);
        await using var silo = await ServiceProcess.StartAsync(Hosts.Silo, settings, patience.Token);
        await using var api = await ServiceProcess.StartAsync(Hosts.Api, Hosts.SettingsOn(redis), patience.Token);
        var own = await connection.GetDatabase().HashGetAsync("kapso/store", "id");
        await LoseAsync(redis, Loss.ReplacedByAnother);
        Assert.Equal(1, await silo.EndedAsync(patience.Token));
        await api.UntilHealthAsync(HttpStatusCode.ServiceUnavailable, "not_ready", patience.Token);

        await connection.GetDatabase().HashSetAsync("kapso/store", "id", own);
        await api.UntilSaidAsync("is the one again that this process knows");
        await using var again = await ServiceProcess.StartAsync(Hosts.Silo, settings, patience.Token);
        await api.UntilReadyAsync(patience.Token);
    }

    [Fact]
    public async Task A_store_that_nobody_knew_before_is_a_first_start_and_one_that_comes_back_as_it_was_is_none()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync();
        await using var silo = await ServiceProcess.StartAsync(Hosts.Silo, Hosts.SettingsOn(redis), patience.Token);
        await using var api = await ServiceProcess.StartAsync(Hosts.Api, Hosts.SettingsOn(redis), patience.Token);
        await redis.KillAsync();
        await silo.UntilHealthAsync(HttpStatusCode.ServiceUnavailable, "Redis did not take a write", patience.Token);
        await redis.RestartAsync();
        await Task.WhenAll(silo.UntilReadyAsync(patience.Token), api.UntilReadyAsync(patience.Token));
        Assert.DoesNotContain("adopted, not greeted", silo.Output + api.Output, StringComparison.Ordinal);

        await using var connection = await redis.ConnectAsync();
        var kept = (await connection.GetDatabase().HashKeysAsync("kapso/store")).Select(name => (string)name!);
        Assert.Equal([StoreIdentity.IdField], kept.Where(name => name != StoreIdentity.ErasureKeyField));
    }

    private static async Task LoseAsync(RedisServer redis, Loss loss)
    {
        if (loss == Loss.Flushed)
        {
            await using var connection = await redis.ConnectAsync();
            await connection.GetServer("127.0.0.1", redis.Port).FlushAllDatabasesAsync();
            return;
        }

        await redis.KillAsync();
        redis.Lose();
        await redis.RestartAsync();
        if (loss == Loss.ReplacedByAnother)
        {
            await using var connection = await redis.ConnectAsync();
            await connection.GetDatabase().HashSetAsync("kapso/store", "id", "another-store");
        }
    }

    private static async Task UntilAppliedAsync(HttpClient client, Delivery delivery, CancellationToken cancellationToken)
    {
        await Wait.ForAsync(async () => await CrashProject.SendAsync(client, delivery) == HttpStatusCode.OK, "an accepted delivery");
        await Wait.ForAsync(async () => await CrashProject.FindAsync(client, delivery, cancellationToken) is not null, "a connection that is known");
    }
}
