using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Numbers;

/// <summary>The platform's own words for a status or a kind, fit for records and pages.</summary>
internal static class PlatformWords
{
    private const int MaxLength = 40;

    /// <summary>The word as it stands where it is one; else as plain text, cut off after 40 characters. Null where there is none.</summary>
    public static string? Of(string? word)
    {
        if (string.IsNullOrWhiteSpace(word))
            return null;
        if (word.Length <= MaxLength && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ' '))
            return word.Trim();
        var plain = PlainText.Of(word);
        if (plain.Length > MaxLength)
            plain = plain[..(char.IsHighSurrogate(plain[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
        return plain.Length == 0 ? null : plain;
    }
}
