namespace Kapso.Engines.Contract;

/// <summary>Which lines of the audit are wanted; what is null is not asked for.</summary>
/// <param name="ProjectId">The project. What is of no project is shown with each.</param>
/// <param name="Cursor">Where the last page ended, or null.</param>
/// <param name="Limit">Lines wanted, 1 to 1,000.</param>
public sealed record AuditQuery(string ProjectId, string? Cursor, int Limit)
{
    /// <summary>What was done, exactly.</summary>
    public string? Action { get; init; }

    /// <summary>The name of who did it, exactly.</summary>
    public string? By { get; init; }

    /// <summary>The customer, or the hash in place of one who was erased.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Began at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Began before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What became of it.</summary>
    public AuditOutcome? Outcome { get; init; }

    /// <summary>Whether a line is among those that are wanted; its project and the cursor are not looked at.</summary>
    public bool Matches(AuditLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return (Action is null || line.Action == Action)
            && (By is null || line.By.Name == By)
            && (CustomerId is null || line.CustomerId == CustomerId)
            && (Outcome is null || line.Outcome == Outcome)
            && !(line.At < From)
            && !(line.At >= Until);
    }
}
