namespace Kapso.Benchmarks.Scenarios;

/// <summary>What is asked of a target.</summary>
internal enum Scenario
{
    /// <summary>Each delivery is a new connection.</summary>
    New,

    /// <summary>Each delivery is a new connection, and the clock runs until every welcome is received and settled.</summary>
    Welcome,

    /// <summary>One delivery over and over.</summary>
    Duplicates,

    /// <summary>Each delivery has a wrong signature.</summary>
    Invalid,
}

/// <summary>One run of one scenario.</summary>
internal sealed record ScenarioPlan
{
    public required Scenario Scenario { get; init; }

    /// <summary>How long deliveries are sent.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How long they are sent before, without being measured.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>Connections of the generator, each with one request in flight.</summary>
    public required int Connections { get; init; }

    /// <summary>Requests per second of an open loop; null for a closed loop.</summary>
    public double? Rate { get; init; }
}
