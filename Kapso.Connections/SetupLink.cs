using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kapso.Connections;

/// <summary>Where a setup link stands.</summary>
public enum SetupLinkStatus
{
    /// <summary>Issued, and nothing has come of it yet.</summary>
    Live,

    /// <summary>A number was connected through it, as far as a redirect or a proof says.</summary>
    Completed,

    /// <summary>The customer's setup failed; see the codes. It may still be completed.</summary>
    Failed,

    /// <summary>Past its end.</summary>
    Expired,

    /// <summary>Taken back.</summary>
    Revoked,
}

/// <summary>One setup link, or a pair of redirect URLs for a link that was made elsewhere.</summary>
public sealed record SetupLink
{
    /// <summary>Our name for it, unique within the connection.</summary>
    [JsonPropertyName("i")]
    public required string Id { get; init; }

    /// <summary>The platform's id, where it is known.</summary>
    [JsonPropertyName("p")]
    public string? PlatformId { get; init; }

    /// <summary>The state in its redirect URLs: a bearer's secret, never logged.</summary>
    [JsonPropertyName("st")]
    public required string State { get; init; }

    /// <summary>Where it stands.</summary>
    [JsonPropertyName("s")]
    public SetupLinkStatus Status { get; init; }

    /// <summary>The codes of the failed setups, each once, in the order in which they first came.</summary>
    [JsonPropertyName("f")]
    public ImmutableArray<string> ErrorCodes { get; init; } = [];

    /// <summary>When it was made, in whole milliseconds.</summary>
    [JsonPropertyName("at")]
    public required DateTimeOffset CreatedAt { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>When something last came of it.</summary>
    [JsonPropertyName("u")]
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Where the browser goes instead of our pages; checked against the allowed hosts when it was stored.</summary>
    [JsonPropertyName("r")]
    public string? ReturnUrl { get; init; }
}
