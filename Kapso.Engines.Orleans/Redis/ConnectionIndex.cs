using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>Who else may have a number that was just taken over, and the hints that wait for it.</summary>
/// <param name="Others">The other candidates, the newest last.</param>
/// <param name="Hints">The hints as kept; null where there are none.</param>
internal sealed record Takeover(IReadOnlyList<string> Others, string? Hints)
{
    public static Takeover Nothing { get; } = new([], null);

    public bool IsNews => Others.Count > 0 || Hints is not null;
}

/// <summary>One entry of the index of states or of links.</summary>
/// <param name="CustomerId">Whom it names; null where it is another project's.</param>
/// <param name="Name">The state, or the platform's id of the link.</param>
/// <param name="IsState">Whether it is a state.</param>
internal readonly record struct LinkEntry(string? CustomerId, string Name, bool IsState);

/// <summary>The indexes of connections in Redis: what finds a connection, written before it, and its tail, written after it.</summary>
internal sealed class ConnectionIndex(
    [FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys, TailWriter tails, StoreWatch store)
{
    /// <summary>Writes what finds a connection, which is about to be written.</summary>
    /// <param name="connection">The connection as it will be.</param>
    /// <param name="entry">The activation's entry in the index of due times.</param>
    /// <param name="at">When the sweep has to look at the customer at the latest, in milliseconds since 1970.</param>
    /// <param name="row">Its row.</param>
    /// <param name="operations">See <see cref="IndexOperations"/>.</param>
    /// <exception cref="RedisServerException">The store is not the one any more that this process knows: nothing may be begun on it.</exception>
    public async Task<Takeover> WriteAsync(
        Connection connection, string entry, long at, string row, List<IndexOperation> operations)
    {
        var project = connection.Key.ProjectId;
        var arguments = new List<RedisValue>(6 + (2 * operations.Count))
        {
            connection.Key.CustomerId, entry, at, row, project, store.State.Id ?? "",
        };
        foreach (var (name, subject) in operations)
        {
            arguments.Add(name);
            arguments.Add(subject);
        }

        var answer = await EvaluateAsync(keys.OfConnections(project), [.. arguments]);
        return answer is [var others, ..]
            ? new Takeover(
                ((string?)others)?.Split(StoreKeys.Separator, StringSplitOptions.RemoveEmptyEntries) ?? [],
                answer.Length > 1 ? (string?)answer[1] : null)
            : Takeover.Nothing;
    }

    private async Task<RedisResult[]?> EvaluateAsync(RedisKey[] lists, RedisValue[] arguments)
    {
        try
        {
            return (RedisResult[]?)await redis.GetDatabase().ScriptEvaluateAsync(IndexScript.Lua, lists, arguments);
        }
        catch (RedisServerException exception) when (exception.Message.Contains(IndexScript.AnotherStore, StringComparison.Ordinal))
        {
            store.LookNow();
            throw;
        }
    }

    /// <summary>Makes a customer whose connection is about to be written the newest candidate for numbers.</summary>
    public Task<Takeover> TakeNumbersAsync(Connection connection, DueTime due, IEnumerable<string> numbers, DateTimeOffset now) =>
        WriteAsync(
            connection, due.Entry, due.Precede(connection, now), ConnectionSummary.Write(connection, now),
            [.. numbers.Select(number => new IndexOperation("take", number))]);

    /// <summary>Brings row, entries and due times up to date after the connection was written.</summary>
    public Task WriteTailAsync(string project, IndexTail tail) => tails.WriteAsync(project, tail);

    /// <summary>The entries that have to be looked at, the earliest first.</summary>
    /// <param name="project">The project.</param>
    /// <param name="until">Those that are due by then, and those further ahead than anything is ever put off.</param>
    /// <param name="limit">How many at most.</param>
    public async Task<IReadOnlyList<DueEntry>> FindDueAsync(string project, DateTimeOffset until, int limit)
    {
        var database = redis.GetDatabase();
        var strange = (until + ConnectionPolicy.MaxPutOff).ToUnixTimeMilliseconds();
        var due = database.SortedSetRangeByScoreAsync(
            keys.Due(project), double.NegativeInfinity, until.ToUnixTimeMilliseconds(), take: limit);
        var ahead = database.SortedSetRangeByScoreAsync(
            keys.Due(project), strange, double.PositiveInfinity, Exclude.Start, take: limit);
        return [.. (await due).Concat(await ahead).Select(entry => DueEntry.Read(entry.ToString())).Take(limit)];
    }

    /// <summary>All entries, due or not, some at a time. One that comes or goes meanwhile may be missed; one that stays is not.</summary>
    public async IAsyncEnumerable<IReadOnlyList<DueEntry>> FindAllAsync(string project, int pageSize)
    {
        var page = new List<DueEntry>(pageSize);
        await foreach (var entry in redis.GetDatabase().SortedSetScanAsync(keys.Due(project), pageSize: 1_000))
        {
            page.Add(DueEntry.Read(entry.Element.ToString()));
            if (page.Count < pageSize)
                continue;
            yield return page;
            page = new List<DueEntry>(pageSize);
        }

        if (page.Count > 0)
            yield return page;
    }

    /// <summary>
    /// The states of a project and the platform's link ids, with the customer whom the index names. States of other projects
    /// come with no customer: who reads can stop between any two entries.
    /// </summary>
    public async IAsyncEnumerable<LinkEntry> FindLinksAsync(string project)
    {
        var database = redis.GetDatabase();
        await foreach (var entry in database.HashScanAsync(keys.States))
        {
            var value = entry.Value.ToString();
            var end = value.IndexOf(StoreKeys.Separator, StringComparison.Ordinal);
            var isOfProject = end == project.Length && value.StartsWith(project, StringComparison.Ordinal);
            yield return new LinkEntry(isOfProject ? value[(end + 1)..] : null, entry.Name.ToString(), IsState: true);
        }

        await foreach (var entry in database.HashScanAsync(keys.Links(project)))
            yield return new LinkEntry(entry.Value.ToString(), entry.Name.ToString(), IsState: false);
    }

    /// <summary>Whether the states and links of a project that an earlier version left have been taken out.</summary>
    public Task<bool> AreLinksTidiedAsync(string project) => redis.GetDatabase().KeyExistsAsync(keys.LinksTidied(project));

    /// <summary>Remembers that they have been taken out.</summary>
    public Task SetLinksTidiedAsync(string project, DateTimeOffset now) =>
        redis.GetDatabase().StringSetAsync(keys.LinksTidied(project), now.ToUnixTimeMilliseconds());

    /// <summary>The customers of a project who have a row, in no order. One that comes or goes meanwhile may be missed.</summary>
    public async IAsyncEnumerable<string> FindCustomersAsync(string project)
    {
        await foreach (var row in redis.GetDatabase().HashScanAsync(keys.Rows(project), pageSize: 1_000))
            yield return row.Name.ToString();
    }

    /// <summary>Whether the words of the customers of a project whom an earlier version wrote have been put in.</summary>
    public Task<bool> AreWordsAddedAsync(string project) => redis.GetDatabase().KeyExistsAsync(keys.WordsAdded(project));

    /// <summary>Remembers that they have been put in.</summary>
    public Task SetWordsAddedAsync(string project, DateTimeOffset now) =>
        redis.GetDatabase().StringSetAsync(keys.WordsAdded(project), now.ToUnixTimeMilliseconds());

    /// <summary>Remembers that something is kept of a project, so that a silo that starts sweeps it.</summary>
    public Task AddProjectAsync(string project) => redis.GetDatabase().SetAddAsync(keys.Projects, project);

    /// <summary>The projects of which something is kept.</summary>
    public async Task<IReadOnlyList<string>> FindProjectsAsync() =>
        [.. (await redis.GetDatabase().SetMembersAsync(keys.Projects)).Select(project => project.ToString())];

    /// <summary>Tells who watches the customer that the connection was written.</summary>
    public void Announce(string grainKey) =>
        redis.GetDatabase().Publish(keys.Changed(grainKey), RedisValue.EmptyString, CommandFlags.FireAndForget);
}
