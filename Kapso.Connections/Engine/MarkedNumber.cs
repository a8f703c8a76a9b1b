namespace Kapso.Connections.Engine;

/// <summary>What a person should look at in a number.</summary>
public enum NumberMark
{
    /// <summary>Another customer proved the number theirs while nothing could be confirmed.</summary>
    Disputed,

    /// <summary>A browser spoke of the number, and the platform does not bear it out.</summary>
    Refused,
}

/// <summary>A number that a person should look at.</summary>
/// <param name="CustomerId">Whose it is.</param>
/// <param name="PhoneNumberId">The number.</param>
public sealed record MarkedNumber(string CustomerId, string PhoneNumberId);

/// <summary>Which numbers have which mark.</summary>
public static class NumberMarks
{
    /// <summary>Whether a number has a mark.</summary>
    public static bool Has(this Number number, NumberMark mark)
    {
        ArgumentNullException.ThrowIfNull(number);
        return mark switch
        {
            NumberMark.Disputed => number.DisputedAt is not null,
            _ => number.Status == NumberStatus.Refused,
        };
    }
}
