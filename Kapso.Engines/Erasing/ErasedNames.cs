using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kapso.Engines.Erasing;

/// <summary>
/// What a customer who is being erased is found by in bodies that nobody has made a connection of: their id, and the numbers and links that
/// were theirs. Kept, with the customer's id, until the erasure has come to its end.
/// </summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Ids">The <c>phone_number_id</c> of their numbers that nobody else has, and the platform's ids of their links.</param>
public sealed record ErasedNames(string CustomerId, IReadOnlyList<string> Ids)
{
    /// <summary>The names of a connection.</summary>
    /// <param name="connection">The connection that is erased.</param>
    /// <param name="isOthers">Whether a number is another customer's by now.</param>
    public static ErasedNames Of(Connection connection, Func<string, bool> isOthers)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return new ErasedNames(
            connection.Key.CustomerId,
            [
                .. connection.Numbers.Select(static number => number.PhoneNumberId).Where(number => !isOthers(number)),
                .. connection.SetupLinks.Select(static link => link.PlatformId).OfType<string>(),
            ]);
    }

    /// <summary>These, and those of an erasure before that did not come to its end.</summary>
    public ErasedNames With(ErasedNames? before) => before is null ? this : this with { Ids = [.. before.Ids.Union(Ids)] };

    /// <summary>Whether a body speaks of the customer: JSON in any spelling, or else a text.</summary>
    public bool AreIn(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 1_000 });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && AreIn(reader.GetString()!))
                    return true;
                if (reader.TokenType is JsonTokenType.Number && AreIn(Encoding.UTF8.GetString(reader.ValueSpan)))
                    return true;
            }

            return false;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return AreIn(Encoding.UTF8.GetString(body)); // Cut off, or no JSON.
        }
    }

    /// <summary>Whether a text names the customer, a number or a link, each as a whole word.</summary>
    public bool AreIn(string? text) => text is not null && (Has(text, CustomerId) || Ids.Any(id => Has(text, id)));

    /// <summary>A parked delivery without what it says of the customer; null where nothing else is in it.</summary>
    public ParkedDelivery? Redact(ParkedDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (!AreIn(delivery.Body.Span))
            return AreIn(delivery.Detail) ? delivery with { Detail = null } : delivery;
        if (!delivery.Batch || Parse(delivery.Body.Span) is not { } body || (body as JsonArray ?? body["data"] as JsonArray) is not { } items)
            return null;
        foreach (var item in items.Where(item => AreIn(Encoding.UTF8.GetBytes(item?.ToJsonString() ?? ""))).ToList())
            items.Remove(item);
        var left = Encoding.UTF8.GetBytes(body.ToJsonString());
        return items.Count == 0 || AreIn(left) ? null : delivery with { Body = left, Detail = null };
    }

    private static JsonNode? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

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
}
