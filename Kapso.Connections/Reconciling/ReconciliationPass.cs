using System.Collections.Immutable;

namespace Kapso.Connections.Reconciling;

/// <summary>What a pass does, in this order.</summary>
public enum ReconciliationStep
{
    /// <summary>Looks whether the project's webhook delivers.</summary>
    Webhook,

    /// <summary>Reads the platform's list of numbers.</summary>
    List,

    /// <summary>Asks for the numbers that a full list lacked, one by one.</summary>
    Ask,

    /// <summary>Tells the customers whose numbers are not there.</summary>
    Tell,

    /// <summary>Looks at open setup links.</summary>
    Links,
}

/// <summary>A pass that is not finished: enough for another process to go on with it.</summary>
public sealed record ReconciliationPass
{
    /// <summary>Names it within its project: the version of the record that it began with.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it compares everything, or only what the platform created lately.</summary>
    public bool Full { get; init; }

    /// <summary>Who asked for it; null where it came by itself.</summary>
    public string? AskedBy { get; init; }

    /// <summary>Somebody's word that as many numbers are gone; null for the passes without, which mark few.</summary>
    public GoneAcceptance? GoneAccepted { get; init; }

    /// <summary>When it began, in whole milliseconds.</summary>
    public required DateTimeOffset StartedAt { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>Who works at it, until when unless they say so again; null where they left it to others.</summary>
    public Lease? Lease { get; init; }

    /// <summary>What it is about.</summary>
    public ReconciliationStep Step { get; init; }

    /// <summary>Listing: the platform's next page. Null for the first.</summary>
    public string? Page { get; init; }

    /// <summary>Asking: the numbers that are still to be asked about, then those that are not there.</summary>
    public ImmutableArray<MissingNumber> Missing { get; init; } = [];

    /// <summary>Asking: the numbers that are not there by the platform's own answer.</summary>
    public ImmutableArray<MissingNumber> Absent { get; init; } = [];

    /// <summary>How many numbers of the project are connected; known once a full list was read.</summary>
    public int Connected { get; init; }

    /// <summary>What it has done so far.</summary>
    public ReconciliationCounts Counts { get; init; } = new();
}

/// <summary>A connected number that the platform's list lacks.</summary>
/// <param name="CustomerId">Whose it is.</param>
/// <param name="PhoneNumberId">The number.</param>
public sealed record MissingNumber(string CustomerId, string PhoneNumberId)
{
    /// <summary>The number's proof version when it was asked about: a proof since then makes the answer stale.</summary>
    public int ProofVersion { get; init; }

    /// <summary>What the platform said of it; null where it was not asked.</summary>
    public RowFinding? Finding { get; init; }

    /// <summary>When the platform said that it is not there; null where it was not asked.</summary>
    public DateTimeOffset? AnsweredAt { get; init => field = value?.ToWholeMilliseconds(); }
}
