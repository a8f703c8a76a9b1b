namespace Kapso.AppHost.Redis;

/// <summary>Which Redis a run on this machine takes, and why.</summary>
/// <param name="Kind">Which; null for none.</param>
/// <param name="Reason">Why this one, as a clause; or, as a sentence, why none.</param>
internal sealed record RedisChoice(RedisKind? Kind, string Reason)
{
    /// <summary>Takes what the setting names.</summary>
    /// <param name="named">What it names.</param>
    /// <param name="whyNot">Why this machine cannot have one, as a clause; null where it can.</param>
    public static RedisChoice Named(RedisKind named, Func<RedisKind, string?> whyNot) => whyNot(named) is { } missing
        ? new(null, $"Redis={named.Name()} cannot be had: {missing}.")
        : new(named, $"Redis={named.Name()} says so");

    /// <summary>
    /// Takes what was taken before, else what has data of an earlier run, else the first that can be had. Where data is kept by one
    /// that cannot be had now, none: another one would begin with an empty store.
    /// </summary>
    /// <param name="remembered">What was taken before; null if that is not known.</param>
    /// <param name="whyNot">Why this machine cannot have one, as a clause; null where it can. Asked for as few as possible.</param>
    /// <param name="hasData">Whether an earlier run has left data with it.</param>
    public static RedisChoice Auto(RedisKind? remembered, Func<RedisKind, string?> whyNot, Func<RedisKind, bool> hasData)
    {
        if (remembered is { } before)
            return whyNot(before) is { } missing ? Lost(before, missing) : new(before, "it was chosen before");

        var lacks = new Dictionary<RedisKind, string?>();
        string? Lacks(RedisKind kind) => lacks.TryGetValue(kind, out var known) ? known : lacks[kind] = whyNot(kind);

        var withData = RedisKinds.All.Where(hasData).ToArray();
        foreach (var kind in withData)
        {
            if (Lacks(kind) is null)
                return new(kind, "it has the data of an earlier run");
        }

        if (withData is [var first, ..])
            return Lost(first, Lacks(first)!);

        foreach (var kind in RedisKinds.All)
        {
            if (Lacks(kind) is null)
                return new(kind, lacks.Count == 1 ? "it is there" : string.Join("; ", Missing()));
        }

        return new(null, $"There is no Redis to be had on this machine: {string.Join("; ", Missing())}.");

        IEnumerable<string> Missing() => lacks.Values.OfType<string>();
    }

    private static RedisChoice Lost(RedisKind kind, string missing) => new(
        null,
        $"The data is kept by {kind.Name()}, which cannot be had: {missing}; with another setting of Redis, the service begins with data of that one.");
}
