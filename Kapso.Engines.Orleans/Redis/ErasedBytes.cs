using System.Diagnostics;
using Kapso.Engines.Erasing;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>Has Redis write its files anew, of which what was removed is a part until then.</summary>
internal static class ErasedBytes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Has every server that takes writes do so, and waits for it.</summary>
    public static async Task<BytesLeft> EraseAsync(IConnectionMultiplexer redis, CancellationToken cancellationToken)
    {
        foreach (var server in RedisConnection.Writable(redis))
        {
            try
            {
                if (!await RewriteAsync(server, cancellationToken))
                {
                    return new BytesLeft(
                        $"Redis was still writing its append-only file anew after {Patience.TotalSeconds:0} s: what was erased is gone from its files once it is done.");
                }
            }
            catch (RedisServerException exception)
            {
                return new BytesLeft(
                    $"What was erased stays in the store's files until it writes them anew, since it does not do so when it is asked to: {exception.Message}");
            }
        }

        return BytesLeft.None;
    }

    /// <summary>Whether it has written all its files anew, in time.</summary>
    private static async Task<bool> RewriteAsync(IServer server, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var persistence = await InfoAsync(server);
        if (persistence.GetValueOrDefault("aof_enabled") != "0" && !await AskAsync("BGREWRITEAOF", "aof_rewrite_in_progress", "aof_rewrite_scheduled"))
            return false;
        return (persistence.GetValueOrDefault("aof_enabled") == "1" && await SnapshotsAsync(server) is "")
            || await AskAsync("BGSAVE", "rdb_bgsave_in_progress", "rdb_bgsave_in_progress");

        async Task<bool> AskAsync(string command, string running, string waiting)
        {
            // One that runs already may have begun before something was removed: another follows it.
            if (!await WaitAsync(running, waiting))
                return false;
            await server.ExecuteAsync(command);
            return await WaitAsync(running, waiting);
        }

        async Task<bool> WaitAsync(string running, string waiting)
        {
            while (await InfoAsync(server) is var now && (now.GetValueOrDefault(running) == "1" || now.GetValueOrDefault(waiting) == "1"))
            {
                if (Stopwatch.GetElapsedTime(started) > Patience)
                    return false;
                await Task.Delay(BetweenLooks, cancellationToken);
            }

            return true;
        }
    }

    /// <summary>What it says of its files, each line a name and a value. Asked as any command: this needs no connection of an administrator.</summary>
    private static async Task<Dictionary<string, string>> InfoAsync(IServer server) =>
        ((string?)await server.ExecuteAsync("INFO", "persistence") ?? "").Split('\n', StringSplitOptions.TrimEntries)
            .Select(static line => line.Split(':', 2)).Where(static parts => parts.Length == 2).DistinctBy(static parts => parts[0])
            .ToDictionary(static parts => parts[0], static parts => parts[1], StringComparer.OrdinalIgnoreCase);

    /// <summary>When it takes snapshots by itself, in its own words; empty for never, null where it does not tell.</summary>
    private static async Task<string?> SnapshotsAsync(IServer server)
    {
        try
        {
            return (string?[]?)await server.ExecuteAsync("CONFIG", "GET", "save") is [_, var value] ? value : null;
        }
        catch (RedisServerException)
        {
            return null;
        }
    }
}
