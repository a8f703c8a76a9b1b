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
    /// What is missing or not known; null where nothing is, or where the server hides its configuration, as managed services do.
    /// Garnet has no <c>appendfsync</c>: it tells whether it waits for its writes, and nothing of the device that they go to
    /// (<c>RandomAccess</c> passes the system's cache by and leaves the disk's own as it is; <c>FileStream</c> writes through both).
    /// </summary>
    public static async Task<DurabilityDoubt?> FindDoubtAsync(IConnectionMultiplexer redis)
    {
        ArgumentNullException.ThrowIfNull(redis);
        try
        {
            var database = redis.GetDatabase();
            var answers = await Task.WhenAll(
                database.ExecuteAsync("CONFIG", "GET", "appendonly"),
                database.ExecuteAsync("CONFIG", "GET", "appendfsync"),
                database.ExecuteAsync("CONFIG", "GET", "aof-commit-wait"),
                database.ExecuteAsync("INFO", "server"));
            var isGarnet = ((string?)answers[3])?.Contains("garnet_version", StringComparison.Ordinal) ?? false;
            return isGarnet ? OfGarnet(Value(answers[0]), Value(answers[2])) : OfRedis(Value(answers[0]), Value(answers[1]));
        }
        catch (RedisServerException)
        {
            return null;
        }

        static string? Value(RedisResult answer) => (string?[]?)answer is [_, var value] ? value : null;
    }

    private static DurabilityDoubt? OfRedis(string? appendOnly, string? fsync) => appendOnly == "no"
        ? new(true, "Redis runs without an append-only file: what it acknowledged is lost when it stops. Set appendonly yes and appendfsync always.")
        : fsync is not null and not "always"
            ? new(true, $"Redis runs with appendfsync {fsync}: what it acknowledged last is lost when the machine fails. Set appendfsync always.")
            : null;

    private static DurabilityDoubt OfGarnet(string? appendOnly, string? commitWait) => (appendOnly, commitWait) switch
    {
        ("no", _) => new(true, $"Garnet runs without an append-only file: what it acknowledged is lost when it stops. {GarnetArguments}"),
        (_, "no") => new(true, $"Garnet answers before its append-only file is written: what it acknowledged last is lost when it ends. {GarnetArguments}"),
        (_, "yes") => new(
            false, "Garnet waits for its append-only file, but does not tell whether the disk has flushed it: with --device-type FileStream it has."),
        _ => new(false, $"Garnet does not tell whether it waits for its append-only file. {GarnetArguments}"),
    };
}
