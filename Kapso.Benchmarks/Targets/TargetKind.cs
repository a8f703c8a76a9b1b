namespace Kapso.Benchmarks.Targets;

/// <summary>What the benchmark can start and load.</summary>
internal enum TargetKind
{
    /// <summary>An empty ASP.NET Core endpoint.</summary>
    Empty,

    /// <summary>The careful Express and PostgreSQL handler of <c>peers/express</c>.</summary>
    Express,

    /// <summary>The embedded service.</summary>
    Kapso,

    /// <summary>The distributed service: the API, two silos and Redis.</summary>
    Cluster,
}
