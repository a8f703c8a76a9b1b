using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kapso.Connections.Storage;

namespace Kapso.Connections.Values;

/// <summary>
/// What the company marks a customer with: at most <see cref="MaxCount"/> tags, each <c>key:value</c> with one value for each key, in the
/// order of the keys. Equal where all tags are.
/// </summary>
[JsonConverter(typeof(CustomerTagsConverter))]
public sealed class CustomerTags : IEquatable<CustomerTags>
{
    /// <summary>Most tags of a customer.</summary>
    public const int MaxCount = 20;

    /// <summary>Longest key, in UTF-16 code units.</summary>
    public const int MaxKey = 32;

    /// <summary>Longest value, in UTF-16 code units.</summary>
    public const int MaxValue = 64;

    private const char Colon = ':';

    private readonly ImmutableSortedDictionary<string, string> _tags;

    private CustomerTags(ImmutableSortedDictionary<string, string> tags) => _tags = tags;

    /// <summary>The values by their keys.</summary>
    public IReadOnlyDictionary<string, string> ByKey => _tags;

    /// <summary>Each as <c>key:value</c>.</summary>
    public IEnumerable<string> All => _tags.Select(static tag => tag.Key + Colon + tag.Value);

    /// <summary>Whether a key is one: 1 to <see cref="MaxKey"/> characters, as in a <see cref="BoundedId"/>, none of them a colon.</summary>
    public static bool IsKey(string? key) => key is { Length: <= MaxKey } && BoundedId.IsValid(key) && !key.Contains(Colon, StringComparison.Ordinal);

    /// <summary>Whether a value is one: 1 to <see cref="MaxValue"/> characters, as in a <see cref="BoundedId"/>; colons are some of them.</summary>
    public static bool IsValue(string? value) => value is { Length: <= MaxValue } && BoundedId.IsValid(value);

    /// <summary>Reads <c>key:value</c>; false where it is none.</summary>
    public static bool TryParse(string? text, out string key, out string value)
    {
        var colon = text?.IndexOf(Colon, StringComparison.Ordinal) ?? -1;
        (key, value) = colon < 0 ? ("", "") : (text![..colon], text[(colon + 1)..]);
        return IsKey(key) && IsValue(value);
    }

    /// <summary>Whether there is this <c>key:value</c>.</summary>
    public bool Has(string tag) =>
        TryParse(tag, out var key, out var value) && _tags.TryGetValue(key, out var known) && known == value;

    /// <summary>The tags after a change.</summary>
    /// <param name="before">The tags before; null for none.</param>
    /// <param name="changes">New values by their keys; null takes a key's tag away.</param>
    /// <returns>Null where none is left.</returns>
    /// <exception cref="ArgumentException">A key or a value is none, or there would be too many.</exception>
    public static CustomerTags? With(CustomerTags? before, IEnumerable<KeyValuePair<string, string?>> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var tags = (before?._tags ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)).ToBuilder();
        foreach (var (key, value) in changes)
        {
            if (!IsKey(key) || (value is not null && !IsValue(value)))
                throw new ArgumentException("A tag has a key without a colon, and a value.", nameof(changes));
            if (value is null)
                tags.Remove(key);
            else
                tags[key] = value;
        }

        if (tags.Count > MaxCount)
            throw new ArgumentException("There would be too many tags.", nameof(changes));
        return tags.Count == 0 ? null : new CustomerTags(tags.ToImmutable());
    }

    /// <summary>The tags after a change would be so many.</summary>
    public static int CountWith(CustomerTags? before, IReadOnlyDictionary<string, string?> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Values.Count(static value => value is not null)
            + (before?._tags.Keys.Count(key => !changes.ContainsKey(key)) ?? 0);
    }

    /// <inheritdoc/>
    public bool Equals(CustomerTags? other) => other is not null && _tags.SequenceEqual(other._tags);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CustomerTags);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var tag in _tags)
            hash.Add(tag);
        return hash.ToHashCode();
    }

    /// <summary>Nothing of them: a tag can be data of people, and this may come into a log.</summary>
    public override string ToString() => nameof(CustomerTags);
}
