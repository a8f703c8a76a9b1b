using System.Globalization;
using System.Text.Json;

namespace Kapso.Platform.Api.Reading;

/// <summary>
/// Reads members of the platform's objects. What is missing, null or of another kind than expected is null: nothing throws,
/// and unknown members are not looked at.
/// </summary>
internal static class Members
{
    /// <summary>The member, where the element is an object that has it and it is not null.</summary>
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member)
            && member.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? member
            : null;

    /// <summary>A text. A number counts as its digits, as they stand: ids are longer than a double is precise. Null where it holds half a character.</summary>
    public static string? Text(this JsonElement element, string name) => element.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.Whole() is { Length: > 0 } value ? value : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>A text for people: halves of characters are left out of it.</summary>
    public static string? Words(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } text ? text.Words() : element.Text(name);

    /// <summary>A string for people: halves of characters are left out of it.</summary>
    public static string Words(this JsonElement text) => text.Whole() ?? JsonText.WithoutHalves(text.GetRawText());

    /// <summary>A text that opens something for whoever has it.</summary>
    public static BearerSecret? Secret(this JsonElement element, string name) =>
        element.Text(name) is { } text ? new BearerSecret(text) : null;

    /// <summary>True only where it says true.</summary>
    public static bool Flag(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.True };

    /// <summary>A whole number, written as one or as its digits.</summary>
    public static int? Count(this JsonElement element, string name) =>
        int.TryParse(element.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>A time: ISO 8601, or seconds since 1970 as Meta writes them.</summary>
    public static DateTimeOffset? Time(this JsonElement element, string name)
    {
        if (element.Text(name) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return seconds < 100_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
    }

    /// <summary>The texts of an array; other kinds of elements are left out.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } array
            ? [.. array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.Whole()).OfType<string>()]
            : [];

    private static string? Whole(this JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
