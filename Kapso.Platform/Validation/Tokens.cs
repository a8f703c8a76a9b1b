using System.Globalization;

namespace Kapso.Platform.Validation;

/// <summary>What a key that goes out, or comes in, in a header can be: printable ASCII without blanks.</summary>
internal static class Tokens
{
    /// <summary>What is wrong with a key, without a character of it; null where nothing is.</summary>
    public static string? Objection(string key)
    {
        var at = key.AsSpan().IndexOfAnyExceptInRange('!', '~');
        if (at < 0)
            return null;
        var place = (at + 1).ToString(CultureInfo.InvariantCulture);
        return key[at] switch
        {
            '\r' or '\n' => $"has a line end inside, its character {place}: write it on one line.",
            ' ' or '\t' or '\u00A0' => $"has a blank inside, its character {place}: a header cannot carry it.",
            var character when char.IsControl(character) => $"has a control character inside, its character {place}: a header cannot carry it.",
            _ => $"has a character that is not ASCII, its character {place}: use letters, digits and - . _ ~ + / only.",
        };
    }
}
