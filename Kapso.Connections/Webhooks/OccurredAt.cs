using System.Globalization;

namespace Kapso.Connections.Webhooks;

/// <summary>The platform's <c>occurred_at</c>: ISO 8601, read tolerantly. What cannot be read is as good as missing.</summary>
internal static class OccurredAt
{
    /// <summary>The longest text that is looked at, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>How far ahead of our clock a time may be. Beyond that it would make all later news look old, so it is ignored.</summary>
    public static TimeSpan MaxAhead { get; } = TimeSpan.FromDays(1);

    /// <summary>The time in UTC (a text without offset is UTC), or null.</summary>
    public static DateTimeOffset? Parse(string? text)
    {
        var time = text.AsSpan().Trim();
        if (time.Length is < 10 or > MaxLength || time[4] != '-' || time[7] != '-')
            return null;
        if (time.EndsWith(" UTC"))
            time = time[..^4];
        return DateTimeOffset.TryParse(
            time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed)
            ? parsed
            : null;
    }
}
