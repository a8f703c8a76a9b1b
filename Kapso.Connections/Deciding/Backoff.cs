namespace Kapso.Connections.Deciding;

/// <summary>How long a failed attempt is put off.</summary>
internal static class Backoff
{
    /// <summary>
    /// The delay doubles with each attempt up to the policy's longest, and varies by up to a fifth either way: by the effect
    /// and the attempt, not by chance, so that decisions stay pure while many effects of one outage still spread out. A
    /// receiver's own wish counts where it is longer.
    /// </summary>
    public static TimeSpan Delay(Effect effect, TimeSpan? retryAfter, ConnectionPolicy policy)
    {
        var doubled = policy.RetryDelay * Math.Pow(2, Math.Min(effect.Attempt - 1, 30));
        var delay = doubled < policy.MaxRetryDelay ? doubled : policy.MaxRetryDelay;
        delay *= 0.8 + (0.4 * Spread(effect));
        if (retryAfter > delay)
            delay = retryAfter.Value;
        return delay < ConnectionPolicy.MaxPutOff ? delay : ConnectionPolicy.MaxPutOff;
    }

    /// <summary>A number from 0 to 1 that depends on the effect's id and attempt only (FNV-1a; no process seed in it).</summary>
    private static double Spread(Effect effect)
    {
        var hash = 2166136261u;
        foreach (var character in effect.Id)
            hash = (hash ^ character) * 16777619u;
        hash = (hash ^ (uint)effect.Attempt) * 16777619u;
        return hash / (double)uint.MaxValue;
    }
}
