using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>Whether this Redis can be the service's store at all. What no waiting mends is told in a sentence.</summary>
internal sealed class RedisAdmission(
    [FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, IOptionsMonitor<ConfigurationOptions> settings, StoreKeys keys)
{
    private const string Write = "return redis.call('SET', KEYS[1], ARGV[1])";

    /// <summary>Why it cannot be used; null where it can.</summary>
    /// <param name="now">The time.</param>
    /// <param name="use">What else this process needs of it.</param>
    /// <exception cref="RedisException">That is not known: it does not answer, or does not take writes now.</exception>
    public async Task<string?> FindRefusalAsync(DateTimeOffset now, Func<Task> use)
    {
        try
        {
            if (!redis.IsConnected)
                await DialAsync();
            var database = redis.GetDatabase();
            if (((string?)await database.ExecuteAsync("INFO", "server"))?.Contains("redis_mode:cluster", StringComparison.Ordinal) == true)
                return $"Redis at {RedisConnection.AddressOf(redis)} runs with cluster-enabled yes, which spreads keys that belong together: use one without, or a managed one without cluster mode.";
            await database.ScriptEvaluateAsync(Write, [keys.Probe], [now.ToUnixTimeMilliseconds()]);
            await database.HashGetAllAsync(keys.Store);
            await use();
            return null;
        }
        catch (RedisConnectionException exception) when (exception.FailureType == ConnectionFailureType.AuthenticationFailure)
        {
            return RefusalOf(exception.InnerException?.Message ?? exception.Message);
        }
        catch (RedisServerException exception) when (IsRefusal(exception.Message))
        {
            return RefusalOf(exception.Message);
        }
    }

    /// <summary>The connection that the process keeps does not tell why it is not there: another one does.</summary>
    private async Task DialAsync()
    {
        var dialled = settings.Get(RedisConnection.Name).Clone();
        if (dialled.EndPoints.Count == 0)
            return;
        dialled.AbortOnConnectFail = true;
        await using var probe = await ConnectionMultiplexer.ConnectAsync(dialled);
    }

    /// <summary>What else begins with NO, as NOREPLICAS, mends itself.</summary>
    private static bool IsRefusal(string answer) =>
        answer.StartsWith("NOAUTH", StringComparison.Ordinal) || answer.StartsWith("NOPERM", StringComparison.Ordinal);

    private string RefusalOf(string answer)
    {
        var address = RedisConnection.AddressOf(redis);
        return answer switch
        {
            _ when answer.StartsWith("NOAUTH", StringComparison.Ordinal) =>
                $"Redis at {address} asks for a password (NOAUTH): add it to {RedisConnection.Setting}, as ,password=….",
            _ when answer.Contains("WRONGPASS", StringComparison.Ordinal) =>
                $"Redis at {address} refuses the password (WRONGPASS): correct it in {RedisConnection.Setting}. {RedisConnection.OfCommas}",
            _ when answer.StartsWith("NOPERM", StringComparison.Ordinal) =>
                $"Redis at {address} forbids this user what the service needs ({answer}): let it run all commands on keys and channels that begin with {keys.Prefix}.",
            _ => $"Redis at {address} refuses the connection: {answer}",
        };
    }
}
