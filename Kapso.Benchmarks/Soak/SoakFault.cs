namespace Kapso.Benchmarks.Soak;

/// <summary>What is done to the cluster while deliveries come.</summary>
internal enum SoakFault
{
    /// <summary>SIGKILL of a silo, which is started again a moment later.</summary>
    SiloKilled,

    /// <summary>SIGTERM of a silo, likewise.</summary>
    SiloStopped,

    /// <summary>SIGSTOP of a silo, for less or for longer than the others take it for alive.</summary>
    SiloFrozen,

    /// <summary>SIGKILL of the API.</summary>
    ApiKilled,

    /// <summary>SIGTERM of the API.</summary>
    ApiStopped,

    /// <summary>SIGSTOP of the API.</summary>
    ApiFrozen,

    /// <summary>SIGTERM of Redis, which is started again on what it kept.</summary>
    RedisStopped,

    /// <summary>SIGKILL of Redis, likewise.</summary>
    RedisKilled,

    /// <summary>The same, with the beginning of a command behind its last one, as a power cut leaves it.</summary>
    RedisTorn,

    /// <summary>SIGSTOP of Redis.</summary>
    RedisFrozen,

    /// <summary>No memory left for Redis, for a while.</summary>
    RedisFull,
}
