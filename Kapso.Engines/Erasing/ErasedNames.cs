using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kapso.Engines.Erasing;

/// <summary>
/// What a customer who is being erased is found by in bodies that nobody has made a connection of. Kept, with the customer's id, until
/// nothing but bytes is left to erase.
/// </summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Ids">The <c>phone_number_id</c> of their numbers that nobody else has, and the platform's ids of their links.</param>
public sealed partial record ErasedNames(string CustomerId, IReadOnlyList<string> Ids)
{
    /// <summary>An id of fewer characters than this may be a word: it counts only as the value of a member that is named as an id.</summary>
    private const int ShortestId = 8;

    /// <summary>An id of this many characters and more also counts as a part of a text, such as an address.</summary>
    private const int UnmistakableId = 15;

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 1_000 };

    /// <summary>The company's own ids for the customer.</summary>
    public IReadOnlyList<string> OwnIds { get; init; } = [];

    /// <summary>Their phones, each by its digits alone.</summary>
    public IReadOnlyList<string> Phones { get; init; } = [];

    /// <summary>
    /// When the customer had last been erased as the connection was made that is to go: null for never, and the end of all times where there
    /// is none to go. One that was made after this erasure stays when it is gone on with.
    /// </summary>
    public DateTimeOffset? MadeAfter { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>The names of a customer.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="connection">The connection that is erased; null where there is none.</param>
    /// <param name="isOthers">Whether a number is another customer's by now.</param>
    public static ErasedNames Of(CustomerKey key, Connection? connection, Func<string, bool> isOthers)
    {
        if (connection is null)
            return new ErasedNames(key.CustomerId, []);
        var numbers = connection.Numbers.Where(number => !isOthers(number.PhoneNumberId)).ToList();
        return new ErasedNames(
            key.CustomerId,
            [.. numbers.Select(static number => number.PhoneNumberId), .. connection.SetupLinks.Select(static link => link.PlatformId).OfType<string>()])
        {
            OwnIds = [.. new[] { connection.GivenOwnId, connection.OwnId?.Value }.OfType<string>().Distinct()],
            Phones =
            [
                .. numbers.Select(static number => number.ProvenDisplayPhoneNumber).Append(connection.ContactPhone).OfType<string>()
                    .Select(DigitsOf).Where(static digits => digits.Length >= ShortestId).Distinct(),
            ],
            MadeAfter = connection.Erasure?.At,
        };
    }

    /// <summary>These, and those of an erasure before that did not come to its end.</summary>
    public ErasedNames With(ErasedNames? before) => before is null ? this : this with
    {
        Ids = [.. before.Ids.Union(Ids)],
        OwnIds = [.. before.OwnIds.Union(OwnIds)],
        Phones = [.. before.Phones.Union(Phones)],
    };

    /// <summary>Whether a connection is the one that is to go, and not one that was made after it.</summary>
    public bool AreOf(Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Erasure?.At == MadeAfter;
    }

    /// <summary>Whether a body speaks of the customer: JSON in any spelling, or else a text.</summary>
    public bool AreIn(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, Reading);
            var member = "";
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                    member = TextOf(ref reader);
                else if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number && IsNamedBy(member, TextOf(ref reader)))
                    return true;
            }

            return false;
        }
        catch (JsonException)
        {
            // Cut off, or no JSON: whatever its characters are written as.
            var text = Encoding.UTF8.GetString(body).Replace("\0", "", StringComparison.Ordinal);
            return AreIn(text) || AreIn(Escape().Replace(
                text, static escaped => ((char)ushort.Parse(escaped.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()));
        }
    }

    /// <summary>Whether a text names the customer, a number or a link, each as a whole word.</summary>
    public bool AreIn(string? text) => text is not null && Ids.Prepend(CustomerId).Any(id => Has(text, id));

    /// <summary>A parked delivery without what it says of the customer; null where nothing else is in it.</summary>
    public ParkedDelivery? Redact(ParkedDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (!AreIn(delivery.Body.Span))
            return AreIn(delivery.Detail) ? delivery with { Detail = null } : delivery;
        return delivery.Batch && WithoutItems(delivery.Body.Span) is { } rest && !AreIn(rest) ? delivery with { Body = rest, Detail = null } : null;
    }

    /// <summary>A batch without the items that speak of the customer, the others as they came; null where none is left, or it is none.</summary>
    private byte[]? WithoutItems(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, Reading);
            if (!FindItems(ref reader))
                return null;
            var kept = new List<byte>(body.Length);
            kept.AddRange(body[..(int)reader.BytesConsumed]);
            var count = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                var item = body[start..(int)reader.BytesConsumed];
                if (AreIn(item))
                    continue;
                if (count++ > 0)
                    kept.Add((byte)',');
                kept.AddRange(item);
            }

            kept.AddRange(body[(int)reader.TokenStartIndex..]);
            return count == 0 ? null : [.. kept];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Moves to the beginning of a batch's items: the body itself, or its <c>data</c>.</summary>
    private static bool FindItems(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartArray && reader.CurrentDepth == 0)
                return true;
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                continue;
            var isData = reader.ValueTextEquals("data"u8);
            reader.Read();
            if (isData && reader.TokenType == JsonTokenType.StartArray)
                return true;
            reader.Skip();
        }

        return false;
    }

    private bool IsNamedBy(string member, string value) =>
        Ids.Prepend(CustomerId).Any(id => id.Length >= UnmistakableId ? Has(value, id)
            : string.Equals(value, id, StringComparison.OrdinalIgnoreCase) && (id.Length >= ShortestId || IsId(member)))
        || (member is "external_id" or "external_customer_id" && OwnIds.Contains(value))
        || (Phones.Count > 0 && value.Length < 64 && value.All(static character => char.IsAsciiDigit(character) || character is '+' or ' ' or '-' or '.' or '(' or ')')
            && Phones.Contains(DigitsOf(value)));

    private static bool IsId(string member) => member is "id" || member.EndsWith("_id", StringComparison.Ordinal) || member.EndsWith("Id", StringComparison.Ordinal);

    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType == JsonTokenType.Number ? Encoding.UTF8.GetString(reader.ValueSpan) : reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan); // Cut in the middle of a character.
        }
    }

    private static string DigitsOf(string phone) => string.Concat(phone.Where(char.IsAsciiDigit));

    private static bool Has(string text, string id)
    {
        for (var at = text.IndexOf(id, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(id, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (!IsPartOfId(text, at - 1) && !IsPartOfId(text, at + id.Length))
                return true;
        }

        return false;
    }

    private static bool IsPartOfId(string text, int at) =>
        at >= 0 && at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '_');

    [GeneratedRegex(@"\\u([0-9a-fA-F]{4})")]
    private static partial Regex Escape();
}
