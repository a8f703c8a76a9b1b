namespace Kapso.Tests.Engines.Memory;

/// <summary>What a <see cref="MemoryEngine"/> needs to know.</summary>
public sealed record MemoryEngineOptions
{
    /// <summary>The time. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The policy of a project. Default: all defaults.</summary>
    public Func<string, ConnectionPolicy> Policy { get; init; } = _ => new ConnectionPolicy();

    /// <summary>Who carries out effects, at most one for each kind.</summary>
    public IReadOnlyList<IEffectRunner> Runners { get; init; } = [];

    /// <summary>Parked deliveries kept for each project. Default 10,000.</summary>
    public int ParkedMaxCount { get; init; } = 10_000;

    /// <summary>Age past which lines of the audit are pruned. Default 400 days.</summary>
    public TimeSpan AuditKeep { get; init; } = TimeSpan.FromDays(400);

    /// <summary>
    /// Whether no other engine can be alive on the store, so that the claims of others lapse at once. Default false, as in a cluster.
    /// </summary>
    public bool Sole { get; init; }
}
