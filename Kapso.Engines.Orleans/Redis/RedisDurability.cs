using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>What is to be said against a store that is to keep what it acknowledges.</summary>
/// <param name="IsCertain">Whether it can lose what it acknowledged; else the server does not tell, and it may be able to.</param>
/// <param name="Sentence">What is missing or not known, and what to do, in words.</param>
public sealed record DurabilityDoubt(bool IsCertain, string Sentence);

/// <summary>Whether Redis keeps what it acknowledges.</summary>
public static class RedisDurability
{
    private const string GarnetArguments = "Start it with --aof --aof-commit-wait --recover --device-type FileStream.";

    /// <summary>
    /// What is missing or not known; null where nothing is. A server that hides its configuration, as managed services do, leaves it to
    /// a person. Garnet has no <c>appendfsync</c>: it tells whether it waits for its writes, and nothing of the device that they go to
    /// (<c>RandomAccess</c> passes the system's cache by and leaves the disk's own as it is; <c>FileStream</c> writes through both).
    /// </summary>
    /// <exception cref="RedisException">It does not answer.</exception>
    public static async Task<DurabilityDoubt?> FindDoubtAsync(IConnectionMultiplexer redis)
    {
        ArgumentNullException.ThrowIfNull(redis);
        var database = redis.GetDatabase();
        try
        {
            var server = database.ExecuteAsync("INFO", "server");
            var answers = await Task.WhenAll(((string[])["appendonly", "appendfsync", "maxmemory", "maxmemory-policy", "no-appendfsync-on-rewrite", "aof-commit-wait"])
                .Select(name => database.ExecuteAsync("CONFIG", "GET", name)));
            var isGarnet = ((string?)await server)?.Contains("garnet_version", StringComparison.Ordinal) ?? false;
            return isGarnet
                ? OfGarnet(Value(answers[0]), Value(answers[5]))
                : OfRedis(Value(answers[0]), Value(answers[1]), Value(answers[2]), Value(answers[3]), Value(answers[4]));
        }
        catch (RedisServerException exception) when (IsRefusal(exception))
        {
            return new(
                false,
                "Redis does not tell its configuration (CONFIG GET is refused): look by hand whether it has appendonly yes, appendfsync always and maxmemory-policy noeviction.");
        }

        static string? Value(RedisResult answer) => (string?[]?)answer is [_, var value] ? value : null;
    }

    /// <summary>Whether the command is renamed, left out or forbidden; what else fails is no answer to the question.</summary>
    private static bool IsRefusal(RedisServerException exception) =>
        exception.Message.StartsWith("NOPERM", StringComparison.Ordinal) || exception.Message.StartsWith("ERR", StringComparison.Ordinal);

    private static DurabilityDoubt? OfRedis(string? appendOnly, string? fsync, string? maxMemory, string? policy, string? noFsyncOnRewrite)
    {
        var evicts = maxMemory is not (null or "0") && policy is not (null or "noeviction");
        var losses = new List<string>();
        if (appendOnly == "no")
            losses.Add("Redis runs without an append-only file: what it acknowledged is lost when it stops. Set appendonly yes and appendfsync always.");
        else if (fsync is not null and not "always")
            losses.Add($"Redis runs with appendfsync {fsync}: what it acknowledged last is lost when the machine fails. Set appendfsync always.");
        else if (noFsyncOnRewrite == "yes")
            losses.Add("Redis leaves the flush out while it rewrites its file (no-appendfsync-on-rewrite yes): what it acknowledges then is lost when the machine fails. Set no-appendfsync-on-rewrite no.");
        if (evicts && policy!.StartsWith("allkeys", StringComparison.Ordinal))
            losses.Add($"Redis throws connections away when its memory is full (maxmemory-policy {policy}). Set maxmemory-policy noeviction.");
        if (losses.Count > 0)
            return new(true, string.Join(' ', losses));
        if (appendOnly is null || fsync is null || policy is null)
            return new(false, "Redis does not tell all of its configuration: look by hand whether it has appendonly yes, appendfsync always and maxmemory-policy noeviction.");

        // Connections have no time to live. Sign-outs, limits and whoever is about to make a customer have one.
        return evicts
            ? new(false, $"Redis may forget sign-outs and limits before their time when its memory is full (maxmemory-policy {policy}); connections are kept. Set maxmemory-policy noeviction.")
            : null;
    }

    private static DurabilityDoubt OfGarnet(string? appendOnly, string? commitWait) => (appendOnly, commitWait) switch
    {
        ("no", _) => new(true, $"Garnet runs without an append-only file: what it acknowledged is lost when it stops. {GarnetArguments}"),
        (_, "no") => new(true, $"Garnet answers before its append-only file is written: what it acknowledged last is lost when it ends. {GarnetArguments}"),
        (_, "yes") => new(
            false, "Garnet waits for its append-only file, but does not tell whether the disk has flushed it: with --device-type FileStream it has."),
        _ => new(false, $"Garnet does not tell whether it waits for its append-only file. {GarnetArguments}"),
    };
}
