using System.Globalization;
using System.Text;

namespace Kapso.Connections.Values;

/// <summary>
/// Makes a name that comes from outside fit to be kept and shown in one line: without control characters, line ends and what
/// turns the direction of the text around it, and bounded. Marks that scripts need between their letters stay.
/// </summary>
public static class PlainName
{
    /// <summary>Longest name that is kept, in UTF-16 code units; a longer one is cut.</summary>
    public const int MaxLength = 256;

    /// <summary>The name as it is kept; null where nothing is left of it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">Where it is cut, in UTF-16 code units.</param>
    public static string? Of(string? text, int maxLength = MaxLength)
    {
        if (string.IsNullOrEmpty(text))
            return null;

        var name = new StringBuilder(Math.Min(text.Length, maxLength));
        var blank = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Turns(rune.Value))
                continue;
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                blank = name.Length > 0;
                continue;
            }

            if (name.Length + rune.Utf16SequenceLength + (blank ? 1 : 0) > maxLength)
                break;
            if (blank)
                name.Append(' ');
            blank = false;
            name.Append(rune.ToString());
        }

        return HasLetter(name) ? name.ToString() : null;
    }

    /// <summary>Embeddings, overrides and isolates: what is not closed would go on in the text after it.</summary>
    private static bool Turns(int rune) => rune is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    /// <summary>Whether there is anything to see.</summary>
    private static bool HasLetter(StringBuilder name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (CharUnicodeInfo.GetUnicodeCategory(name[i]) != UnicodeCategory.Format)
                return true;
        }

        return false;
    }
}
