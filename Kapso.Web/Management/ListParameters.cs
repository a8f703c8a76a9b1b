using System.Globalization;
using Kapso.Web.Http;

namespace Kapso.Web.Management;

/// <summary>
/// The parameters of lists, read by hand so that a mistake is answered with a sentence. Each method returns what is wrong,
/// or null.
/// </summary>
internal static class ListParameters
{
    /// <summary>Rows of a page where the request does not say.</summary>
    public const int DefaultLimit = 100;

    /// <summary>Most rows of a page.</summary>
    public const int MaxLimit = 1_000;

    private const int MaxText = 128;
    private const int MaxCursor = 512;

    /// <summary>Reads <c>limit</c>.</summary>
    public static string? ReadLimit(string? text, out int limit)
    {
        limit = DefaultLimit;
        if (text is null)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit
            ? null
            : $"limit must be a whole number from 1 to {MaxLimit}.";
    }

    /// <summary>Checks the form of <c>cursor</c>.</summary>
    public static string? CheckCursor(string? cursor) =>
        cursor is null || (cursor.Length is > 0 and <= MaxCursor && !cursor.Any(char.IsControl))
            ? null
            : "cursor must be the next_cursor of the page before.";

    /// <summary>Checks <c>query</c>.</summary>
    public static string? CheckText(string? text) =>
        text is null || (text.Length <= MaxText && !text.Any(char.IsControl))
            ? null
            : $"query must have at most {MaxText} characters and no control characters.";

    /// <summary>Checks <c>external_id</c>, which names customers exactly and stands alone.</summary>
    public static string? CheckOwnId(string? ownId, string? text) =>
        ownId is not null && !BoundedId.IsValid(ownId) ? "external_id must have 1 to 128 characters, none of them a control character, and no blank at its ends."
        : ownId is not null && !string.IsNullOrEmpty(text) ? "external_id finds customers by exactly that id, and query by what something begins with: send one of them."
        : null;

    /// <summary>Reads one of the names of an enumeration; missing is null.</summary>
    public static string? ReadName<T>(string parameter, string? text, out T? value, params T[] allowed)
        where T : struct, Enum
    {
        value = null;
        if (text is null)
            return null;
        foreach (var candidate in allowed)
        {
            if (Snake.Of(candidate) == text)
            {
                value = candidate;
                return null;
            }
        }

        return $"{parameter} must be one of {string.Join(", ", allowed.Select(Snake.Of))}.";
    }
}
