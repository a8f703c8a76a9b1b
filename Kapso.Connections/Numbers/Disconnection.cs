using System.Text.Json.Serialization;

namespace Kapso.Connections.Numbers;

/// <summary>Whose doing it was that a number went, as far as the platform's word for it is known.</summary>
public enum DisconnectionInitiator
{
    /// <summary>It was not told, or in a word that is not known here.</summary>
    Unknown,

    /// <summary>The customer's own.</summary>
    Customer,

    /// <summary>WhatsApp's, or Meta's.</summary>
    WhatsApp,
}

/// <summary>Why a number went, as the platform says it: its words as they came, known to us or not.</summary>
public sealed record Disconnection
{
    /// <summary>Longest word that is kept, in characters; a longer one is cut.</summary>
    public const int MaxText = 128;

    /// <summary>The reason, e.g. <c>primary_inactivity</c>.</summary>
    [JsonPropertyName("r")]
    public string? Reason { get; init; }

    /// <summary>Whose doing it was, e.g. <c>system</c>.</summary>
    [JsonPropertyName("b")]
    public string? InitiatedBy { get; init; }

    /// <summary>The name of the event behind the platform's own, e.g. Meta's <c>ACCOUNT_OFFBOARDED</c>.</summary>
    [JsonPropertyName("e")]
    public string? SourceEvent { get; init; }

    /// <summary>Whose doing it was. The platform documents no list of its words: one that is not known tells nobody's.</summary>
    [JsonIgnore]
    public DisconnectionInitiator Initiator => InitiatedBy?.ToUpperInvariant() switch
    {
        "SYSTEM" or "META" or "WHATSAPP" => DisconnectionInitiator.WhatsApp,
        "USER" or "BUSINESS" or "CUSTOMER" => DisconnectionInitiator.Customer,
        _ => DisconnectionInitiator.Unknown,
    };

    /// <summary>It in a sentence.</summary>
    public string ToWords() => (Reason ?? SourceEvent, InitiatedBy) switch
    {
        ({ } why, { } who) => $"Reason: {why}; initiated by: {who}.",
        ({ } why, null) => $"Reason: {why}.",
        (null, { } who) => $"Initiated by: {who}.",
        _ => "No reason was given.",
    };
}
