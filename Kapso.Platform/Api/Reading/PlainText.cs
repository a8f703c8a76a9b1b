using System.Text.RegularExpressions;

namespace Kapso.Platform.Api.Reading;

/// <summary>
/// Makes a text of the platform's fit for logs and records. The platform quotes what it was sent, so whatever could be a
/// secret is taken out by its form: URLs, words of twenty characters and more (keys, tokens, states; not plain names such as
/// <c>insufficient_credits</c>), and all of a phone number but its last four digits.
/// </summary>
internal static partial class PlainText
{
    private const int MaxLength = 160;

    public static string Of(string text)
    {
        text = Url().Replace(text.Length > 8 * MaxLength ? text[..(8 * MaxLength)] : text, "[url]");
        text = LongNumber().Replace(text, match => "…" + match.Value[^4..]);
        text = LongWord().Replace(text, "[…]");
        text = Unprintable().Replace(text, " ").Trim();
        return text.Length <= MaxLength ? text : text[..(char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
    }

    [GeneratedRegex(@"[a-z][a-z0-9+.-]*://\S*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    [GeneratedRegex(@"(?<![\w-])\+?[0-9]{7,}(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex LongNumber();

    [GeneratedRegex(@"(?<![\w+/=.~-])(?![a-z_]+(?![\w+/=.~-]))[\w+/=.~-]{20,}", RegexOptions.CultureInvariant)]
    private static partial Regex LongWord();

    [GeneratedRegex(@"[\p{C}\s]+", RegexOptions.CultureInvariant)]
    private static partial Regex Unprintable();
}
