namespace Kapso.Engines.Contract;

/// <summary>What every engine needs to know; filled in from the service's settings.</summary>
public class EngineOptions
{
    /// <summary>The policy of a project, given the time when the service first started on this store. Asked once per project.</summary>
    public Func<string, DateTimeOffset, ConnectionPolicy> Policy { get; set; } =
        (_, firstStart) => new ConnectionPolicy { WelcomeSince = firstStart };

    /// <summary>The receivers of each project, kept up to date by the engine.</summary>
    public ReceiverBooks Receivers { get; set; } = new();

    /// <summary>Effects of each kind that this process sends at a time, 1 to 1,000. Default 64.</summary>
    public int Parallelism { get; set; } = 64;

    /// <summary>
    /// How long sends that are in flight may take when the process stops; then they are cut off and handed over. Default 6 s. It is
    /// to leave the rest of the process's grace time for writing down what was handed over.
    /// </summary>
    public TimeSpan SendGrace { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Age past which parked deliveries are pruned. Default 30 days.</summary>
    public TimeSpan ParkedMaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Parked deliveries kept for each project. Default 10,000.</summary>
    public int ParkedMaxCount { get; set; } = 10_000;

    /// <summary>Age past which lines of the audit are pruned. Default 400 days.</summary>
    public TimeSpan AuditKeep { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Whether a store that is known to lose what it acknowledged counts as ready. It is told of as critical all the same. Default false.</summary>
    public bool AcceptsWeakerDurability { get; set; }
}
