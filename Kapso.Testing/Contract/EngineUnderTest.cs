using Microsoft.Extensions.Time.Testing;

namespace Kapso.Testing.Contract;

/// <summary>What an engine is started with.</summary>
/// <param name="Time">The only clock; the tests drive it.</param>
/// <param name="Policy">The policy of a project.</param>
/// <param name="Runners">Who carries out effects.</param>
public sealed record EngineSetup(
    FakeTimeProvider Time, Func<string, ConnectionPolicy> Policy, IReadOnlyList<IEffectRunner> Runners)
{
    /// <summary>Parked deliveries kept for each project.</summary>
    public int ParkedMaxCount { get; init; } = 10_000;

    /// <summary>Age past which lines of the audit are pruned.</summary>
    public TimeSpan AuditKeep { get; init; } = TimeSpan.FromDays(400);
}

/// <summary>An engine that the contract drives: starts, ends, and lets time pass.</summary>
public abstract class EngineUnderTest(EngineSetup setup) : IAsyncDisposable
{
    /// <summary>What it was started with.</summary>
    protected EngineSetup Setup { get; } = setup;

    /// <summary>The engine as it runs now: another one after a restart.</summary>
    public abstract IConnectionEngine Engine { get; }

    /// <summary>Ends in good order, and starts again on the same store.</summary>
    public abstract Task RestartAsync();

    /// <summary>Ends as a crash does: nothing more is written, what was in flight is forgotten. Then starts again on the same store.</summary>
    public abstract Task CrashAsync();

    /// <summary>Lets the effects that are due by now be claimed.</summary>
    public abstract Task NudgeAsync();

    /// <summary>Lets time pass, and the effects that are due by then be claimed.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        Setup.Time.Advance(time);
        await NudgeAsync();
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
