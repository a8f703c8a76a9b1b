using System.Globalization;
using System.Text;

namespace Kapso.Connections.Values;

/// <summary>Reads phones as people write them: with digits of any script, and marks between them.</summary>
public static class PhoneText
{
    private const int FullWidthPlus = 0xFF0B;

    /// <summary>The decimal digits of a text, of any script, as ASCII.</summary>
    public static string DigitsOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var digits = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsDigit(rune))
                digits.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
        }

        return digits.ToString();
    }

    /// <summary>Whether a text has digits, and nothing else but what stands before and between those of a phone: a plus, blanks, dashes, dots, parentheses, slashes.</summary>
    public static bool IsPhone(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hasDigit = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsDigit(rune))
                hasDigit = true;
            else if (!IsMark(rune))
                return false;
        }

        return hasDigit;
    }

    /// <summary>Whether a phone begins with its one plus, and so with its country.</summary>
    public static bool IsInternational(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var runes = text.EnumerateRunes().Where(static rune => Rune.IsDigit(rune) || IsPlus(rune)).ToList();
        return runes.Count > 0 && IsPlus(runes[0]) && runes.Count(IsPlus) == 1;
    }

    private static bool IsMark(Rune rune) =>
        Rune.IsWhiteSpace(rune) || IsPlus(rune) || rune.Value is '.' or '(' or ')' or '/'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format;

    private static bool IsPlus(Rune rune) => rune.Value is '+' or FullWidthPlus;
}
