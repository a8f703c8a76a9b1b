namespace Kapso.Connections.Reconciling;

/// <summary>How a pass ended.</summary>
public sealed record ReconciliationReport
{
    /// <summary>The pass.</summary>
    public required string PassId { get; init; }

    /// <summary>Whether it compared everything.</summary>
    public bool Full { get; init; }

    /// <summary>Who asked for it; null where it came by itself.</summary>
    public string? AskedBy { get; init; }

    /// <summary>Who gave their word that many numbers are gone; null where nobody did.</summary>
    public string? GoneAcceptedBy { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>What it did.</summary>
    public ReconciliationCounts Counts { get; init; } = new();

    /// <summary>Why it was given up, for people; null where it came to its end.</summary>
    public string? Error { get; init; }
}

/// <summary>What a pass has done so far.</summary>
public sealed record ReconciliationCounts
{
    /// <summary>Rows of the platform's list that were read.</summary>
    public int Listed { get; init; }

    /// <summary>Rows that changed something: a number became connected, or what was known of it was confirmed.</summary>
    public int Applied { get; init; }

    /// <summary>Numbers older than the service's time that were taken in without a welcome.</summary>
    public int Adopted { get; init; }

    /// <summary>Rows that prove nothing: no customer, not connected, or not to be read.</summary>
    public int Unproven { get; init; }

    /// <summary>Numbers whose customers have no room for one more.</summary>
    public int Unplaced { get; init; }

    /// <summary>Connected numbers that a full list lacked.</summary>
    public int Missing { get; init; }

    /// <summary>Of these, how many were asked about.</summary>
    public int Asked { get; init; }

    /// <summary>Of these, how many are not there and were taken to be gone.</summary>
    public int Gone { get; init; }

    /// <summary>Customers whose open setup links were looked at.</summary>
    public int Links { get; init; }
}
