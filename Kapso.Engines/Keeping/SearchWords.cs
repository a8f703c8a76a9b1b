using System.Globalization;
using System.Text;

namespace Kapso.Engines.Keeping;

/// <summary>
/// What a customer is found by in the operators' lists, beside their id and the ids of their numbers: words that a store keeps in
/// the order of their bytes, each a letter for its kind and a text. <see cref="Search"/> says which of them a text asks for.
/// </summary>
public static class SearchWords
{
    /// <summary>Longest text of a word, in UTF-16 code units.</summary>
    private const int MaxLength = 256;

    /// <summary>Words of a name from which on it is found, the first among them.</summary>
    private const int MaxStarts = 4;

    /// <summary>The company's own id.</summary>
    internal const char OwnId = 'o';

    /// <summary>A name, or what follows a blank in it, or the customer's id where it is not written as it is searched for.</summary>
    internal const char Text = 't';

    /// <summary>A tag, as it is.</summary>
    internal const char Tag = 'g';

    /// <summary>The digits of a display number.</summary>
    internal const char Digits = 'd';

    /// <summary>The digits of a display number from the last to the first: many know only how a number ends.</summary>
    internal const char LastDigits = 'r';

    /// <summary>All words of a connection, each once; none for one that nothing is known of.</summary>
    public static IReadOnlyCollection<string> Of(Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection is { Timeline.IsEmpty: true, Numbers.IsEmpty: true, SetupLinks.IsEmpty: true })
            return [];

        SortedSet<string>? words = null;
        var names = connection.Names;
        if (names?.OwnId is { } ownId)
            Add(OwnId, Fold(ownId));
        if (names?.Name is { } name)
            AddName(name);
        foreach (var tag in names?.Tags?.All ?? [])
            Add(Tag, tag);
        if (Fold(connection.Key.CustomerId) is var id && id != connection.Key.CustomerId)
            Add(Text, id);
        foreach (var number in connection.Numbers)
        {
            if (number.Details is not { } details)
                continue;
            if (details.Name is { } given)
                AddName(given);
            if (details.VerifiedName is { } verified)
                AddName(verified);
            if (details.DisplayPhoneNumber is { } display && PhoneText.DigitsOf(display) is { Length: > 0 } digits)
            {
                Add(Digits, digits);
                Add(LastDigits, Reverse(digits));
                if (PhoneSpellings.Common(digits) is { } common)
                    Add(Digits, common);
            }
        }

        return words ?? (IReadOnlyCollection<string>)[];

        // People know each other by any of their names.
        void AddName(string name)
        {
            var text = Fold(name);
            for (var (start, starts) = (0, 0); starts < MaxStarts; starts++)
            {
                Add(Text, text[start..]);
                start = text.IndexOf(' ', start) + 1;
                if (start == 0)
                    break;
            }
        }

        void Add(char kind, string text)
        {
            if (text.Length > 0)
                (words ??= new SortedSet<string>(StringComparer.Ordinal)).Add(kind + text);
        }
    }

    /// <summary>Whether a change of a connection can have changed its words.</summary>
    public static bool CanDiffer(Connection before, Connection after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return !ReferenceEquals(before, after)
            && (before.Timeline.IsEmpty || !before.IsCalledLike(after) || !HaveSameDetails(before, after));
    }

    private static bool HaveSameDetails(Connection before, Connection after)
    {
        if (before.Numbers == after.Numbers)
            return true;
        if (before.Numbers.Length != after.Numbers.Length)
            return false;
        for (var i = 0; i < before.Numbers.Length; i++)
        {
            if (!ReferenceEquals(before.Numbers[i].Details, after.Numbers[i].Details))
                return false;
        }

        return true;
    }

    /// <summary>The word that all customers with an own id have, and perhaps others whose own id differs by its case alone.</summary>
    public static string OfOwnId(string ownId) => OwnId + Fold(ownId);

    /// <summary>The word that all customers with a tag have, and no others.</summary>
    public static string OfTag(string tag) => Tag + tag;

    /// <summary>
    /// The form in which texts are compared: Unicode's compatible characters as one (NFKC), in lower case, without invisible
    /// characters, and with one blank for several. Kept by stores: it does not change.
    /// </summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsFolded(text))
            return text;

        var whole = string.Concat(text.EnumerateRunes().Select(static rune => rune.ToString())); // Without unpaired surrogates.
        var folded = new StringBuilder();
        foreach (var rune in whole.Normalize(NormalizationForm.FormKC).ToLowerInvariant().EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (folded.Length > 0 && folded[^1] != ' ')
                    folded.Append(' ');
            }
            else if (!Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
                folded.Append(rune.ToString());
            if (folded.Length >= MaxLength)
                break;
        }

        return folded.ToString().TrimEnd(' ').Normalize(NormalizationForm.FormC);
    }

    internal static string Reverse(string digits) => string.Create(digits.Length, digits, static (reversed, digits) =>
    {
        digits.CopyTo(reversed);
        reversed.Reverse();
    });

    /// <summary>Most ids are so already.</summary>
    private static bool IsFolded(string text)
    {
        if (text.Length > MaxLength || text.Length == 0 || text[^1] == ' ' || text[0] == ' ')
            return text.Length == 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' or > '~' or (>= 'A' and <= 'Z') || (text[i] == ' ' && text[i - 1] == ' '))
                return false;
        }

        return true;
    }
}
