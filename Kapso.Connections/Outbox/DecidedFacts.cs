using System.Text.Json.Serialization;

namespace Kapso.Connections.Outbox;

/// <summary>What a notify tells beside its change, as it was when the change was decided: it may be sent much later.</summary>
public sealed record DecidedFacts
{
    /// <summary>The number that it is about, with the members that are told and no others; null where it is about none.</summary>
    [JsonPropertyName("n")]
    public Number? Number { get; init; }

    /// <summary>The company's own id for the customer.</summary>
    [JsonPropertyName("x")]
    public string? OwnId { get; init; }

    /// <summary>The customer's name.</summary>
    [JsonPropertyName("m")]
    public string? Name { get; init; }

    /// <summary>What the company marked the customer with.</summary>
    [JsonPropertyName("g")]
    public CustomerTags? Tags { get; init; }

    /// <summary>What the customer was called and marked with; null where nothing was told.</summary>
    [JsonIgnore]
    public CustomerNames? Names => CustomerNames.From(OwnId, Name, Tags);

    /// <summary>Nothing of it: names are data of people, and this may come into a log.</summary>
    public override string ToString() => nameof(DecidedFacts);
}
