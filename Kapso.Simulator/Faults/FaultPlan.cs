using System.Collections.Immutable;

namespace Kapso.Simulator.Faults;

/// <summary>Which faults happen: how often each (0 to 1), and those that happen next whatever the chance.</summary>
public sealed record FaultPlan
{
    public ImmutableDictionary<FaultKind, double> Rates { get; init; } = ImmutableDictionary<FaultKind, double>.Empty;

    /// <summary>How many times more each fault is certain to happen.</summary>
    public ImmutableDictionary<FaultKind, int> Next { get; init; } = ImmutableDictionary<FaultKind, int>.Empty;

    public double RateOf(FaultKind kind) => Rates.GetValueOrDefault(kind);

    /// <summary>All faults at one rate.</summary>
    public static FaultPlan Everything(double rate) => new()
    {
        Rates = Enum.GetValues<FaultKind>().ToImmutableDictionary(kind => kind, _ => rate),
    };
}
