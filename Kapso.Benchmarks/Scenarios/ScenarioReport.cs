using Kapso.Benchmarks.Load;
using Kapso.Benchmarks.Servers;

namespace Kapso.Benchmarks.Scenarios;

/// <summary>What a run found.</summary>
internal sealed record ScenarioReport
{
    public required string Target { get; init; }

    public required ScenarioPlan Plan { get; init; }

    public required LoadResult Load { get; init; }

    /// <summary>Errors of the warm-up, by kind: not measured, but not to be passed over.</summary>
    public required IReadOnlyDictionary<string, long> WarmUpErrors { get; init; }

    /// <summary>From the first delivery until every welcome was received and settled; null without a receiver.</summary>
    public TimeSpan? UntilSettled { get; init; }

    /// <summary>What the receiver had seen at the end; null without one.</summary>
    public WelcomeCount? Welcomes { get; init; }

    /// <summary>Of the target's processes together; null where they are not ours.</summary>
    public ProcessMemory? Memory { get; init; }

    /// <summary>Of the processes of a store beside it, in bytes.</summary>
    public long? StoreMemory { get; init; }

    /// <summary>Processor time that the target's processes took meanwhile, by their kind; empty where they are not ours.</summary>
    public IReadOnlyDictionary<string, TimeSpan> ProcessorTimes { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>Scripts that Redis ran meanwhile, each of them one write; null where it has no Redis.</summary>
    public long? RedisScripts { get; init; }

    /// <summary>How many deliveries were looked up afterwards, the warm-up's included.</summary>
    public long LookedUp { get; init; }

    /// <summary>How many of them were answered and stored only after the load was over: parked until then.</summary>
    public int Late { get; init; }

    /// <summary>What must not be: a delivery that was accepted and is missing, and the like. Empty is right.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Requests answered as expected, or welcomes settled, each second.</summary>
    public double PerSecond => UntilSettled is { } elapsed ? Load.Answered / elapsed.TotalSeconds : Load.PerSecond;
}
