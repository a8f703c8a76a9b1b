using System.Text.RegularExpressions;
using Kapso.Silo.Tests.Processes;
using StackExchange.Redis;

namespace Kapso.Silo.Tests.Compatibility;

/// <summary>What one version leaves in Redis, and the other goes on with.</summary>
[Collection(WithEarlierVersion.Name)]
public sealed partial class StoredFormTests(EarlierVersion earlier)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The names in Redis and what each is, in both versions; today's may add to them, and no more.</summary>
    private static readonly string[] Names =
    [
        "kapso/counts/{n}/{id} Hash", "kapso/data-protection List", "kapso/due/{id} SortedSet", "kapso/event-bodies/{id} Hash",
        "kapso/events/{id} Hash", "kapso/failed-setups/{id} List", "kapso/first-start String", "kapso/hint-times/{id} SortedSet",
        "kapso/hints/{id} Hash", "kapso/last-webhooks SortedSet", "kapso/link-checks/{id} SortedSet", "kapso/links/{id} Hash",
        "kapso/list/{id} SortedSet", "kapso/members/kapso Hash", "kapso/numbers/{id} Hash", "kapso/parked-bodies/{id} Hash",
        "kapso/parked-waiting/{id} SortedSet", "kapso/parked-worth/{id} SortedSet", "kapso/parked/{id} Hash", "kapso/projects Set",
        "kapso/reconciliation/{id} String", "kapso/reminders SortedSet", "kapso/rows/{id} Hash", "kapso/search/{id} SortedSet",
        "kapso/state/connection/{id}/{id}/connection Hash", "kapso/states Hash", "kapso/stuck/{id} SortedSet", "kapso/totals Hash",
    ];

    /// <summary>What today's version adds.</summary>
    private static readonly string[] Added =
    [
        "kapso/audit-index/{id} SortedSet", "kapso/audit/{id} SortedSet", "kapso/links-tidied/{id} String", "kapso/message-times/{id}\ndefault SortedSet",
        "kapso/messages/{id}\ndefault Hash", "kapso/store Hash", "kapso/words-added/{id} String", "kapso/words-of/{id} Hash", "kapso/words/{id} SortedSet",
    ];

    [HistoryTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cluster_goes_on_with_what_the_other_version_stored(bool movesUp)
    {
        var (before, after) = movesUp ? (earlier.Hosts, Hosts.Today) : (Hosts.Today, earlier.Hosts);
        using var patience = new CancellationTokenSource(Patience);
        await using var scenario = await Scenario.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        SortedDictionary<string, string> known;
        await using (var cluster = await ServiceProcesses.StartAsync(redis, before.Cluster, scenario.Settings(), patience.Token))
        {
            using var service = new Callers(cluster.Apis, Scenario.ManagementKey);
            await scenario.TellAsync(service);
            known = await scenario.ShowAsync(service);
            var expected = new SortedSet<string>([.. Names, .. movesUp ? [] : Added], StringComparer.Ordinal);
            SortedSet<string> names = [];
            await Wait.ForAsync(async () => (names = await NamesAsync(redis)).Count >= expected.Count, "what is counted to be written");
            Assert.Equal(expected, names);
            await cluster.StopAsync();
        }

        await using (var cluster = await ServiceProcesses.StartAsync(redis, after.Cluster, scenario.Settings(), patience.Token))
        {
            using var service = new Callers(cluster.Apis, Scenario.ManagementKey);
            await service.UntilReachedAsync(Scenario.Project);
            Assert.Equal(known, await scenario.ShowAsync(service));
            await scenario.GoOnAsync(service);
        }
    }

    /// <summary>The kinds of keys: each with its type, ids replaced, without those that come and go with the minute, and what was turned away, if anything.</summary>
    private static async Task<SortedSet<string>> NamesAsync(RedisServer redis)
    {
        await using var connection = await redis.ConnectAsync();
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var key in connection.GetServer("127.0.0.1", redis.Port).Keys())
        {
            var type = await connection.GetDatabase().KeyTypeAsync(key);
            if (type != RedisType.None && !OfMinute().IsMatch(key.ToString()))
                names.Add($"{Number().Replace(Customer().Replace(Uuid().Replace(key.ToString(), "{id}"), "{id}"), "{n}")} {type}");
        }

        return names;
    }

    [GeneratedRegex("/calls(-waiting)?/|/open-messages/|/failing-receivers/|/probe$|/turned-away/|/customer-intents/")]
    private static partial Regex OfMinute();

    [GeneratedRegex("customer-[a-z0-9]+")]
    private static partial Regex Customer();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Uuid();

    [GeneratedRegex("[0-9]{2,}")]
    private static partial Regex Number();
}
