namespace Kapso.Engines.Orleans.Redis;

/// <summary>The cluster's connection to Redis, which the host makes.</summary>
public static class RedisConnection
{
    /// <summary>The name of the connection string, and the key of the <c>IConnectionMultiplexer</c> that the host registers.</summary>
    public const string Name = "redis";
}
