namespace Kapso.Engines.Orleans;

/// <summary>What the cluster's engine needs to know on the side of its callers; filled in from the service's settings.</summary>
public sealed class ClusterEngineOptions : EngineOptions
{
    /// <summary>
    /// How long a grain has to answer a call; and again for the one retry. Default 1.5 s: with the second that parking may
    /// take, a delivery is answered within four.
    /// </summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// How often a connection that is watched is read again although nobody said that it changed: what is said while Redis
    /// cannot be reached is lost. Default 5 s.
    /// </summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(5);
}
