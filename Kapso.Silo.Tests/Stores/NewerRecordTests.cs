using System.Net;

namespace Kapso.Silo.Tests.Stores;

/// <summary>A record in Redis that a newer version wrote, as after a step back.</summary>
public sealed class NewerRecordTests
{
    [Fact]
    public async Task It_is_refused_in_words_what_comes_for_it_is_parked_and_others_are_served()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var redis = await RedisServer.StartAsync();
        var settings = Hosts.SettingsOn(redis);
        await using var first = await ServiceProcess.StartAsync(Hosts.Silo, settings, patience.Token);
        await using var api = await ServiceProcess.StartAsync(Hosts.Api, Hosts.SettingsOn(redis), patience.Token);
        using var client = CrashProject.Operator(api.Address);
        var (newer, other) = (Delivery.New(1), Delivery.New(2));
        foreach (var delivery in (Delivery[])[newer, other])
        {
            Assert.Equal(HttpStatusCode.OK, await CrashProject.SendAsync(client, delivery));
            await Wait.ForAsync(async () => await CrashProject.FindAsync(client, delivery, patience.Token) is not null, "the customer to be known");
        }

        await first.StopAsync();
        await ReplaceAsync(redis, newer, "\"v\":1,", "\"v\":99,");
        await ForgetThatWordsAreAddedAsync(redis);
        await using var silo = await ServiceProcess.StartAsync(Hosts.Silo, settings, patience.Token);
        await Wait.ForAsync(async () => await CrashProject.FindAsync(client, other, patience.Token) is not null, "the other customer to be known");

        Assert.Equal(HttpStatusCode.OK, await CrashProject.SendAsync(client, newer with { IdempotencyKey = "later" }));
        Assert.Single(await CrashProject.ListAsync(client, "parked"));
        using (var asked = await client.GetAsync(CrashProject.ApiOf(newer) + "/connection", patience.Token))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, asked.StatusCode);
        await silo.UntilSaidAsync($"has version 99; this version of Kapso reads up to {Connection.CurrentVersion}. Start the newer version again.");
        await silo.UntilSaidAsync($"Customer {newer.CustomerId} of project");
        await silo.UntilSaidAsync("could not be put into the index that searches look into.");
        Assert.DoesNotContain("   at ", silo.Output + api.Output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await CrashProject.SendAsync(client, other with { IdempotencyKey = "later too" }));

        await ReplaceAsync(redis, newer, "\"v\":99,", "\"v\":1,");
        await Wait.ForAsync(async () => (await CrashProject.ListAsync(client, "parked")).Length == 0, "what was parked to be replayed");
        Assert.NotNull(await CrashProject.FindAsync(client, newer, patience.Token));
    }

    /// <summary>As where every customer was written by a version that kept no words: a silo asks each of them once more.</summary>
    private static async Task ForgetThatWordsAreAddedAsync(RedisServer redis)
    {
        await using var connection = await redis.ConnectAsync();
        foreach (var key in connection.GetServer("127.0.0.1", redis.Port).Keys(pattern: "kapso/words-added/*"))
            await connection.GetDatabase().KeyDeleteAsync(key);
    }

    private static async Task ReplaceAsync(RedisServer redis, Delivery delivery, string known, string by)
    {
        await using var connection = await redis.ConnectAsync();
        var database = connection.GetDatabase();
        var key = Assert.Single(connection.GetServer("127.0.0.1", redis.Port).Keys(pattern: $"kapso/state/*{delivery.CustomerId}*"));
        var field = Assert.Single(await database.HashGetAllAsync(key), field => field.Value.ToString().StartsWith('{'));
        Assert.Contains(known, field.Value.ToString(), StringComparison.Ordinal);
        await database.HashSetAsync(key, field.Name, field.Value.ToString().Replace(known, by, StringComparison.Ordinal));
    }
}
