namespace Kapso.Connections.Values;

/// <summary>
/// What the company calls and marks a customer with from now on. Its own word stands above the platform's; where it takes its word back,
/// the platform's counts again.
/// </summary>
public sealed record CustomerChange
{
    /// <summary>The company's own id; null leaves it.</summary>
    public GivenText? OwnId { get; init; }

    /// <summary>A name for people; null leaves it.</summary>
    public GivenText? Name { get; init; }

    /// <summary>Whether the tags are taken away that are not in <see cref="Tags"/>.</summary>
    public bool ReplacesTags { get; init; }

    /// <summary>New tags by their keys; null takes a key's tag away. The others stay, unless <see cref="ReplacesTags"/>.</summary>
    public IReadOnlyDictionary<string, string?> Tags { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => OwnId is null && Name is null && !ReplacesTags && Tags.Count == 0;

    /// <summary>Nothing of it: names are data of people, and this may come into a log.</summary>
    public override string ToString() => nameof(CustomerChange);
}

/// <summary>The company's word for something.</summary>
/// <param name="Value">The word; null takes it back.</param>
public sealed record GivenText(string? Value)
{
    /// <summary>Nothing of it: names are data of people, and this may come into a log.</summary>
    public override string ToString() => nameof(GivenText);
}
