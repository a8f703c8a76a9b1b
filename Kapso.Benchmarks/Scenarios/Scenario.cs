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
