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

    /// <summary>Reads the members that a body has, where null says something else than a member that is missing; what is wrong, or null.</summary>
    /// <param name="ownId"><c>external_id</c>; null where it is missing.</param>
    /// <param name="name"><c>name</c>; null where it is missing.</param>
    /// <param name="tags"><c>tags</c>; null where they are missing.</param>
    /// <param name="change">What they say.</param>
    public static string? Read(JsonElement? ownId, JsonElement? name, JsonElement? tags, out CustomerChange change)
    {
        change = new CustomerChange();
        if (!TryRead<string>(ownId, out var id))
            return PlatformCustomerEndpoints.BadExternalId;
        if (!TryRead<string>(name, out var text))
            return NameObjection("");
        if (!TryRead<Dictionary<string, string?>>(tags, out var changes))
            return BadTags;
        var wrong = Read(ownId is null ? null : new GivenText(id), name is null ? null : new GivenText(text), changes, out change);
        change = change with { ReplacesTags = tags is not null && changes is null };
        return wrong;
    }

    /// <summary>Reads what a request says; what is wrong, or null.</summary>
    /// <param name="ownId">The company's own id; null leaves it.</param>
    /// <param name="name">A name for people; null leaves it.</param>
    /// <param name="tags">New tags by their keys; null leaves them.</param>
    /// <param name="change">What it says.</param>
    public static string? Read(GivenText? ownId, GivenText? name, IReadOnlyDictionary<string, string?>? tags, out CustomerChange change)
    {
        change = new CustomerChange();
        if (ownId?.Value is { } id && !BoundedId.IsValid(id))
            return PlatformCustomerEndpoints.BadExternalId;
        if (NameObjection(name?.Value) is { } objection)
            return objection;
        if (tags is not null && !AreTags(tags))
            return BadTags;
        change = new CustomerChange
        {
            OwnId = ownId,
            Name = name is null ? null : new GivenText(PlainName.Of(name.Value)),
            Tags = tags ?? change.Tags,
        };
        return null;
    }

    /// <summary>A text that was sent; null where none was.</summary>
    public static GivenText? Given(string? text) => text is null ? null : new GivenText(text);

    private static bool AreTags(IReadOnlyDictionary<string, string?> tags) =>
        tags.Count <= CustomerTags.MaxCount * 2
        && tags.Values.Count(static value => value is not null) <= CustomerTags.MaxCount
        && tags.All(static tag => CustomerTags.IsKey(tag.Key) && (tag.Value is null || CustomerTags.IsValue(tag.Value)));

    private static bool TryRead<T>(JsonElement? element, out T? value)
        where T : class
    {
        value = null;
        try
        {
            value = element?.Deserialize<T>();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
