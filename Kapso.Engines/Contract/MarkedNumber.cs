namespace Kapso.Engines.Contract;

/// <summary>What a person should look at in a number.</summary>
public enum NumberMark
{
    /// <summary>Another customer proved the number theirs while nothing could be confirmed.</summary>
    Disputed,

    /// <summary>A browser spoke of the number, and the platform does not bear it out.</summary>
    Refused,

    /// <summary>The platform holds something against the account of the number, which is connected or hinted.</summary>
    Attention,
}

/// <summary>A number that a person should look at.</summary>
/// <param name="CustomerId">Whose it is.</param>
/// <param name="PhoneNumberId">The number.</param>
/// <param name="Until">When the mark ends by itself; null where no end is known.</param>
public sealed record MarkedNumber(string CustomerId, string PhoneNumberId, DateTimeOffset? Until = null)
{
    /// <summary>What the customer is called; null where nothing was told.</summary>
    public CustomerNames? Names { get; init; }

    /// <summary>The number's display number; null where none is proven.</summary>
    public string? DisplayPhoneNumber { get; init; }

    /// <summary>A number of a connection.</summary>
    public static MarkedNumber Of(Connection connection, string phoneNumberId)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return new MarkedNumber(connection.Key.CustomerId, phoneNumberId)
        {
            Names = connection.Names,
            DisplayPhoneNumber = connection.FindNumber(phoneNumberId)?.ProvenDisplayPhoneNumber,
        };
    }
}

/// <summary>A mark that a number got, or lost, or whose end changed.</summary>
/// <param name="Mark">The mark.</param>
/// <param name="PhoneNumberId">The number.</param>
/// <param name="Has">Whether it has the mark now.</param>
/// <param name="Until">When the mark ends by itself; null where no end is known. Nothing is written at that time: who reads looks at it.</param>
public readonly record struct MarkChange(NumberMark Mark, string PhoneNumberId, bool Has, DateTimeOffset? Until = null);

/// <summary>Which numbers have which mark.</summary>
public static class NumberMarks
{
    private static readonly NumberMark[] All = Enum.GetValues<NumberMark>();

    /// <summary>Whether a number has a mark, over or not: see <see cref="Until"/>.</summary>
    public static bool Has(this Number number, NumberMark mark)
    {
        ArgumentNullException.ThrowIfNull(number);
        return mark switch
        {
            NumberMark.Disputed => number.DisputedAt is not null,
            NumberMark.Refused => number.Status == NumberStatus.Refused,
            _ => number is { Status: NumberStatus.Connected or NumberStatus.Hinted, Attention.Notices.IsEmpty: false },
        };
    }

    /// <summary>When a mark that a number has ends by itself; null where no end is known.</summary>
    public static DateTimeOffset? Until(this Number number, NumberMark mark)
    {
        ArgumentNullException.ThrowIfNull(number);
        return mark == NumberMark.Attention ? number.Attention?.Until : null;
    }

    /// <summary>What a change of a connection does to the marks of its numbers; nothing is allocated where it does nothing.</summary>
    /// <param name="before">The connection as last written; null for a new one.</param>
    /// <param name="after">The connection as it is now.</param>
    public static IReadOnlyList<MarkChange> Changes(Connection? before, Connection after)
    {
        ArgumentNullException.ThrowIfNull(after);
        List<MarkChange>? changes = null;
        foreach (var mark in All)
        {
            foreach (var number in after.Numbers)
            {
                if (number.Has(mark)
                    && (before?.FindNumber(number.PhoneNumberId) is not { } known || !known.Has(mark) || known.Until(mark) != number.Until(mark)))
                    (changes ??= []).Add(new(mark, number.PhoneNumberId, Has: true, number.Until(mark)));
            }

            foreach (var number in before?.Numbers ?? [])
            {
                if (number.Has(mark) && after.FindNumber(number.PhoneNumberId)?.Has(mark) != true)
                    (changes ??= []).Add(new(mark, number.PhoneNumberId, Has: false));
            }
        }

        return changes ?? (IReadOnlyList<MarkChange>)[];
    }
}
