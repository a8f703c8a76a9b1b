namespace Kapso.Simulator;

/// <summary>Settings of the simulated platform. The host of its own reads them from the section <c>Simulator</c>.</summary>
public sealed class SimulatorOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Simulator";

    /// <summary>The id of its one project.</summary>
    public string ProjectId { get; set; } = "5e000000-0000-4000-8000-000000000001";

    /// <summary>The key that its API asks for. Default: made up at the start.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Where the project's webhook delivers to; none is registered without it.</summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>The webhook's secret. Default: made up at the start.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Where browsers reach the setup pages, with the path it is mounted at. Default: where the request came to that made the link.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>
    /// Ids, tokens, numbers and faults follow from it: the same seed and the same calls give the same. Default: another one
    /// at each start, so that no id comes twice in a store that outlives the simulator.
    /// </summary>
    public int? Seed { get; set; }

    /// <summary>How fast its time goes: 60 makes a minute of a second. Retries, lags, delays and expiry follow it.</summary>
    public double TimeFactor { get; set; } = 1;

    /// <summary>How long a setup link is good for.</summary>
    public TimeSpan LinkLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// A customer and a number that nobody connected, for examples of webhooks that are sent by hand: the API shows the number
    /// to whoever asks for it, and lists leave it out. Null: none.
    /// </summary>
    public SampleNumber? Sample { get; set; }

    /// <summary>
    /// A file that keeps customers, links, numbers, messages and webhooks across restarts; null keeps them in memory. Deliveries
    /// that wait when it stops are lost.
    /// </summary>
    public string? StatePath { get; set; }

    /// <summary>The sender of the company's own, which is there from the start. Null: a made-up id.</summary>
    public string? SenderPhoneNumberId { get; set; }

    /// <summary>Whether it takes a second customer with an external id that another one has. Whether the platform does is not documented.</summary>
    public bool TakesSameExternalIds { get; set; }

    /// <summary>Templates that are approved, by name.</summary>
    public IList<string> Templates { get; } = ["welcome"];

    /// <summary>Templates that exist and are not approved, by name.</summary>
    public IList<string> PausedTemplates { get; } = ["paused"];
}

/// <summary>A number that examples speak of.</summary>
public sealed class SampleNumber
{
    /// <summary>The customer that it belongs to.</summary>
    public required string CustomerId { get; set; }

    /// <summary>Its <c>phone_number_id</c>.</summary>
    public required string PhoneNumberId { get; set; }
}
