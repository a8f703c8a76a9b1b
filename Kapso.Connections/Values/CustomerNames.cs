using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kapso.Connections.Values;

/// <summary>What a customer is called and marked with. Null where nothing is told: that says nothing of what is known.</summary>
/// <param name="OwnId">The company's own id for the customer: a <see cref="BoundedId"/>.</param>
/// <param name="Name">A name for people, as <see cref="PlainName"/> makes it.</param>
public sealed record CustomerNames(string? OwnId, string? Name)
{
    /// <summary>What the company marks the customer with; the platform tells of none.</summary>
    public CustomerTags? Tags { get; init; }

    /// <summary>The values by their keys of <see cref="Tags"/> of a customer who may be called nothing.</summary>
    public static IReadOnlyDictionary<string, string> TagsOf(CustomerNames? names) =>
        names?.Tags?.ByKey ?? ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether a customer who may be called nothing has all of these tags, each as <c>key:value</c>.</summary>
    public static bool HaveAll(CustomerNames? names, IEnumerable<string> tags) => tags.All(tag => names?.Tags?.Has(tag) == true);

    /// <summary>What is known, as it is; null where that is nothing.</summary>
    public static CustomerNames? From(string? ownId, string? name, CustomerTags? tags) =>
        ownId is null && name is null && tags is null ? null : new CustomerNames(ownId, name) { Tags = tags };

    /// <summary>The usable part of what was told; null where there is none.</summary>
    public static CustomerNames? Of(string? ownId, string? name)
    {
        ownId = BoundedId.IsValid(ownId) ? ownId : null;
        name = PlainName.Of(name);
        return ownId is null && name is null ? null : new CustomerNames(ownId, name);
    }

    /// <summary>Nothing of it: names are data of people, and this may come into a log.</summary>
    public override string ToString() => nameof(CustomerNames);
}

/// <summary>A text that the platform tells, and since when it is so: a newer one takes its place.</summary>
/// <param name="Value">The text.</param>
/// <param name="At">The platform's own time where it came with one, else when it was received.</param>
public sealed record ToldText([property: JsonPropertyName("v")] string Value, DateTimeOffset At)
{
    /// <summary>When it was told, in whole milliseconds.</summary>
    [JsonPropertyName("at")]
    public DateTimeOffset At { get; init => field = value.ToWholeMilliseconds(); } = At.ToWholeMilliseconds();

    /// <summary>Nothing of it: names are data of people, and this may come into a log.</summary>
    public override string ToString() => nameof(ToldText);
}
