using Kapso.Connections;

namespace Kapso.Silo.Hosting;

/// <summary>What the grains need to know; filled in from the service's settings.</summary>
internal sealed class SiloEngineOptions
{
    /// <summary>The policy of a project, given the time when the service first started on this store. Asked once per project.</summary>
    public Func<string, DateTimeOffset, ConnectionPolicy> Policy { get; set; } =
        (_, firstStart) => new ConnectionPolicy { WelcomeSince = firstStart };

    /// <summary>Effects of each kind that this silo sends at a time, 1 to 1,000. Default 64.</summary>
    public int Parallelism { get; set; } = 64;

    /// <summary>Age past which parked deliveries are pruned. Default 30 days.</summary>
    public TimeSpan ParkedMaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Parked deliveries kept for each project. Default 10,000.</summary>
    public int ParkedMaxCount { get; set; } = 10_000;
}
