using System.Text.Json;

namespace Kapso.Simulator.World;

/// <summary>A setup link. Its status depends on the time.</summary>
public sealed record SetupLink : IRow
{
    public const string Active = "active";
    public const string Used = "used";
    public const string Expired = "expired";
    public const string Revoked = "revoked";

    public required string Id { get; init; }
    public required string CustomerId { get; init; }
    public required string Token { get; init; }
    public required string Url { get; init; }
    public string? SuccessRedirectUrl { get; init; }
    public string? FailureRedirectUrl { get; init; }

    /// <summary>The members that it was made with, as they came.</summary>
    public JsonElement Options { get; init; }

    /// <summary>The number that it connects again, and no other; null for a link that connects any.</summary>
    public string? ReconnectsNumberId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary><c>pending</c>, <c>processing</c>, <c>completed</c> or <c>failed</c>.</summary>
    public string SetupStatus { get; init; } = "pending";

    /// <summary>The code of the last failed setup.</summary>
    public string? SetupError { get; init; }

    /// <summary>Where the browser was last sent, so that it can be sent there again.</summary>
    public string? LastRedirect { get; init; }

    public string StatusAt(DateTimeOffset now) =>
        RevokedAt is not null ? Revoked : UsedAt is not null ? Used : ExpiresAt <= now ? Expired : Active;
}
