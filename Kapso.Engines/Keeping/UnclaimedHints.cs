namespace Kapso.Engines.Keeping;

/// <summary>How long redirects that find no customer wait for a proof of their number, and how many of them.</summary>
public static class UnclaimedHints
{
    /// <summary>How long one waits.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromHours(24);

    /// <summary>How many are kept for each project; the oldest make room.</summary>
    public const int MaxKept = 1_000;
}
