using StackExchange.Redis;

namespace Kapso.Grains.Store;

/// <summary>Whether Redis keeps what it acknowledges.</summary>
public static class RedisDurability
{
    /// <summary>
    /// What is missing, in words; null where nothing is, or where the server does not tell (managed services hide their
    /// configuration).
    /// </summary>
    public static async Task<string?> FindProblemAsync(IConnectionMultiplexer redis)
    {
        ArgumentNullException.ThrowIfNull(redis);
        try
        {
            var answers = await Task.WhenAll(
                redis.GetDatabase().ExecuteAsync("CONFIG", "GET", "appendonly"),
                redis.GetDatabase().ExecuteAsync("CONFIG", "GET", "appendfsync"));
            var (appendOnly, fsync) = (Value(answers[0]), Value(answers[1]));
            return appendOnly == "no"
                ? "Redis runs without an append-only file: what it acknowledged is lost when it stops. Set appendonly yes and appendfsync always."
                : fsync is not null and not "always"
                    ? $"Redis runs with appendfsync {fsync}: what it acknowledged last is lost when the machine fails. Set appendfsync always."
                    : null;
        }
        catch (RedisServerException)
        {
            return null;
        }

        static string? Value(RedisResult answer) => (string?[]?)answer is [_, var value] ? value : null;
    }
}
