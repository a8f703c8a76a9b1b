using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Kapso.Engines.Telemetry;

/// <summary>The service's own trace source and instruments. Tags carry no customer, number or link.</summary>
public static class KapsoTelemetry
{
    /// <summary>Name of <see cref="ActivitySource"/> and <see cref="Meter"/>.</summary>
    public const string Name = "Kapso";

    /// <summary>Spans: <c>kapso.observe</c>, <c>kapso.effect</c>.</summary>
    public static ActivitySource ActivitySource { get; } = new(Name);

    /// <summary>The meter of all instruments below, and of the engines' gauges <c>kapso.outbox</c> and <c>kapso.parked</c>.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>Observations by <c>source</c>, <c>event</c> and <c>outcome</c>.</summary>
    public static Counter<long> Observations { get; } =
        Meter.CreateCounter<long>("kapso.observations", "{observation}", "Observations folded into connections.");

    /// <summary>Deliveries by <c>answer</c> (status code) and <c>outcome</c> (<c>refused</c> where there is none).</summary>
    public static Counter<long> Webhooks { get; } =
        Meter.CreateCounter<long>("kapso.webhooks", "{delivery}", "Deliveries by answer and outcome.");

    /// <summary>Deliveries parked, by <c>reason</c>.</summary>
    public static Counter<long> Parked { get; } =
        Meter.CreateCounter<long>("kapso.deliveries.parked", "{delivery}", "Deliveries parked.");

    /// <summary>What was refused, limited or passed over, by <c>reason</c>.</summary>
    public static Counter<long> TurnedAway { get; } =
        Meter.CreateCounter<long>("kapso.turned_away", "{request}", "What was refused, limited or passed over.");

    /// <summary>Failed setups by <c>code</c>.</summary>
    public static Counter<long> SetupFailures { get; } =
        Meter.CreateCounter<long>("kapso.setup.failures", "{failure}", "Failure redirects by code.");

    /// <summary>Attempts at effects by <c>kind</c> and <c>result</c>.</summary>
    public static Counter<long> EffectAttempts { get; } =
        Meter.CreateCounter<long>("kapso.effects.attempts", "{attempt}", "Attempts at effects.");

    /// <summary>Seconds until what was decided is durable: from a batch's first delivery to its commit, or a write of a grain's record.</summary>
    public static Histogram<double> CommitDuration { get; } =
        Meter.CreateHistogram<double>("kapso.commit.duration", "s", "Time a commit takes.");

    /// <summary>Seconds from the decision of a welcome to its settlement as done.</summary>
    public static Histogram<double> WelcomeLag { get; } =
        Meter.CreateHistogram<double>("kapso.welcome.lag", "s", "Time from a welcome's decision to its settlement.");
}
