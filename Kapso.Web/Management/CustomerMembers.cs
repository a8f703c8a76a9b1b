using System.Text.Json;

namespace Kapso.Web.Management;

/// <summary>What a request can say of what a customer is called and marked with. Null says something else than a member that is missing.</summary>
internal static class CustomerMembers
{
    /// <summary>The members in words.</summary>
    public const string InWords =
        "external_id and name (strings, or null to take your word back), tags (an object of strings; null takes one away, or all of them)";

    /// <summary>What <c>tag</c> asks of a list.</summary>
    public const string TagDescription =
        "tag is key:value and can come up to five times: only customers who have all of them. A page can then have fewer rows than asked for, "
        + "or none, and still a next_cursor.";

    private const string BadTags =
        "tags must be an object with at most 20 members: each name has 1 to 32 characters and no colon, each value is a string of 1 to 64 characters, "
        + "or null to take the tag away; no control characters, and no blanks at the ends.";

    private const int MaxName = 256;

    /// <summary>What is said where a customer would have too many tags.</summary>
    public static string TooMany { get; } =
        $"A customer has at most {CustomerTags.MaxCount} tags, and would have more with these. Take some away with null. Nothing was changed.";

    /// <summary>What is wrong with a name for people; null where nothing is.</summary>
    public static string? NameObjection(string? name) =>
        name is { Length: 0 or > MaxName } || (name is not null && PlainName.Of(name) is null)
            ? "name must have 1 to 256 characters, some of them visible."
            : null;

    /// <summary>What is wrong with tags as <c>key:value</c> that a list is asked for by; null where nothing is.</summary>
    public static string? TagsObjection(IReadOnlyCollection<string?> tags) =>
        tags.Count <= ConnectionQuery.MaxTags && tags.All(static tag => CustomerTags.TryParse(tag, out _, out _))
            ? null
            : $"tag must be key:value, as in tag=plan:pro, and can come up to {ConnectionQuery.MaxTags} times: customers are listed who have all of them.";

    /// <summary>What the audit says of a change: which members, and not what they say.</summary>
    public static IEnumerable<string> WordsOf(CustomerChange change) =>
    [
        .. change.OwnId is null ? [] : (string[])["external_id set"],
        .. change.Name is null ? [] : (string[])["name set"],
        .. change is { ReplacesTags: false, Tags.Count: 0 } ? [] : (string[])["tags set"],
    ];

    /// <summary>Reads the members that a body has; what is wrong, or null.</summary>
    /// <param name="ownId"><c>external_id</c>; null where it is missing.</param>
    /// <param name="name"><c>name</c>; null where it is missing.</param>
    /// <param name="tags"><c>tags</c>; null where they are missing.</param>
    /// <param name="change">What they say.</param>
    public static string? Read(JsonElement? ownId, JsonElement? name, JsonElement? tags, out CustomerChange change)
    {
        change = new CustomerChange();
        if (ownId is { } givenId)
        {
            if (!TryReadText(givenId, out var id) || (id is not null && !BoundedId.IsValid(id)))
                return PlatformCustomerEndpoints.BadExternalId;
            change = change with { OwnId = new GivenText(id) };
        }

        if (name is { } givenName)
        {
            if (!TryReadText(givenName, out var text) || NameObjection(text) is not null)
                return NameObjection("");
            change = change with { Name = new GivenText(PlainName.Of(text)) };
        }

        if (tags is not { } given)
            return null;
        if (given.ValueKind == JsonValueKind.Null)
        {
            change = change with { ReplacesTags = true };
            return null;
        }

        if (given.ValueKind != JsonValueKind.Object)
            return BadTags;
        var changes = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var tag in given.EnumerateObject())
        {
            if (!TryReadText(tag.Value, out var value) || !CustomerTags.IsKey(tag.Name) || (value is not null && !CustomerTags.IsValue(value)))
                return BadTags;
            changes[tag.Name] = value;
        }

        change = change with { Tags = changes };
        return changes.Count > CustomerTags.MaxCount * 2 || changes.Values.Count(static value => value is not null) > CustomerTags.MaxCount ? BadTags : null;
    }

    private static bool TryReadText(JsonElement element, out string? text)
    {
        text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        return element.ValueKind is JsonValueKind.String or JsonValueKind.Null;
    }
}
