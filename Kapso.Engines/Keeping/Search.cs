namespace Kapso.Engines.Keeping;

/// <summary>
/// What a person's text asks for in a list of connections. Ids, and one of the first four words of a name, begin with it, whatever its
/// case. Where it is written as
/// phone numbers are, with digits, blanks and the usual marks alone, it also asks for display numbers that begin with its digits
/// (two zeros in front stand for the plus), or end with them, where it has six and more; zeros in front do not count then.
/// </summary>
public sealed class Search
{
    /// <summary>Digits that a number may end with: fewer say nothing.</summary>
    private const int FewestLastDigits = 6;

    /// <summary>Sorts after every text that goes on from a beginning.</summary>
    private const string End = "\U0010FFFF";

    /// <param name="text">The text.</param>
    public Search(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (Exact, Text) = (text, SearchWords.Fold(text));
        var words = new List<string>();
        if (Text.Length > 0)
            words.AddRange([SearchWords.OwnId + Text, SearchWords.Text + Text]);
        if (PhoneText.IsPhone(text))
        {
            var digits = PhoneText.DigitsOf(text);
            var first = digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits;
            if (first.Length > 0)
                words.Add(SearchWords.Digits + (PhoneSpellings.Common(first) ?? first));
            if (digits.TrimStart('0') is { Length: >= FewestLastDigits } last)
                words.Add(SearchWords.LastDigits + SearchWords.Reverse(last));
        }

        Words = words;
    }

    /// <summary>The text as it came: numbers' ids begin with it.</summary>
    public string Exact { get; }

    /// <summary>The text as texts are compared: customers' ids begin with it, unless they are among the words.</summary>
    public string Text { get; }

    /// <summary>The beginnings of <see cref="SearchWords"/> that are asked for, two to four; none for a text of nothing visible.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The end of the range of all that begins with a text.</summary>
    public static string Beyond(string beginning) => beginning + End;

    /// <summary>Whether a customer's words are asked for.</summary>
    public bool Matches(IEnumerable<string> words) =>
        words.Any(word => Words.Any(beginning => word.StartsWith(beginning, StringComparison.Ordinal)));

    /// <summary>Whether a customer's ids are asked for.</summary>
    public bool Matches(string customerId, IEnumerable<string> phoneNumberIds)
    {
        ArgumentNullException.ThrowIfNull(customerId);
        return (Text.Length > 0 && customerId.StartsWith(Text, StringComparison.Ordinal))
            || customerId.StartsWith(Exact, StringComparison.Ordinal)
            || phoneNumberIds.Any(number => number.StartsWith(Exact, StringComparison.Ordinal));
    }
}
