namespace Kapso.Benchmarks.Scenarios;

/// <summary>One run of one scenario.</summary>
internal sealed record ScenarioPlan
{
    public required Scenario Scenario { get; init; }

    /// <summary>How long deliveries are sent. Default 60 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long they are sent before, without being measured. Default 5 s.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections of the generator, each with one request in flight. Default 64.</summary>
    public int Connections { get; init; } = 64;

    /// <summary>Requests per second of an open loop; null for a closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>How long the outbox may take to become flat after the last delivery. Default 10 minutes.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromMinutes(10);
}
