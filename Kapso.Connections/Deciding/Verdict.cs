namespace Kapso.Connections.Deciding;

/// <summary>One observation of one number, with all that a rule may look at.</summary>
/// <param name="Known">The number as known; null where it is not known.</param>
/// <param name="Observation">What is said. Its <see cref="Observation.PhoneNumberId"/> is not null.</param>
/// <param name="Policy">The project's policy.</param>
/// <param name="Now">The engine's time: for due times only. What an observation means rests on when it was received.</param>
internal readonly record struct Sighting(Number? Known, Observation Observation, ConnectionPolicy Policy, DateTimeOffset Now)
{
    /// <summary>The setup link that the observation speaks of.</summary>
    public NamedLink Link { get; init; }

    /// <summary>Whether a browser comes back from a setup of which none has come before: it brings the state of a link that nobody said succeeded.</summary>
    public bool IsFirstOfLink { get; init; }

    /// <summary>The number as known, or a new one.</summary>
    public Number Number => Known ?? new Number { PhoneNumberId = Observation.PhoneNumberId! };

    /// <summary>
    /// Whether at least this much time lies between an earlier event and the receipt of the observation. Deliveries are
    /// received side by side, so one that was received a little before the event may be folded in after it: that is as
    /// close as one received a little after. An event further ahead was written under another clock, since set back:
    /// nothing holds the observation up then.
    /// </summary>
    public bool HasPassed(TimeSpan span, DateTimeOffset? since) =>
        since is not { } from || (Observation.ReceivedAt - from).Duration() >= span;
}

/// <summary>What a rule decides.</summary>
/// <param name="Number">The number afterwards; null where the rule leaves it as it is.</param>
/// <param name="Outcome">What became of the observation.</param>
internal sealed record Verdict(Number? Number, Outcome Outcome)
{
    /// <summary>Why, in words, for the timeline.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether it was applied as a proof.</summary>
    public bool Proof { get; init; }

    /// <summary>When the platform is to be asked about the number; null for not at all.</summary>
    public DateTimeOffset? AskAt { get; init; }

    /// <summary>What a person should look at; null for nothing.</summary>
    public string? Attention { get; init; }
}
