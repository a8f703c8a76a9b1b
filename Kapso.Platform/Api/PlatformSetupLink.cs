using System.Text.Json;
using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Api;

/// <summary>A setup link, as the platform tells it. It names neither its customer nor a phone number.</summary>
public sealed record PlatformSetupLink
{
    /// <summary>The platform's id.</summary>
    public required string Id { get; init; }

    /// <summary><c>active</c>, <c>used</c>, <c>expired</c> or <c>revoked</c>; others may come.</summary>
    public string? Status { get; init; }

    /// <summary>The URL that the customer opens.</summary>
    public BearerSecret? Url { get; init; }

    /// <summary>The token in that URL; told at creation only.</summary>
    public BearerSecret? Token { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary><c>pending</c>, <c>processing</c>, <c>completed</c> or <c>failed</c>.</summary>
    public string? WhatsappSetupStatus { get; init; }

    /// <summary>Why the setup failed, in the platform's words, with nothing in them that could be a secret.</summary>
    public string? WhatsappSetupError { get; init; }

    /// <summary>Where the browser goes after success; holds a state of ours, if the link is ours.</summary>
    public BearerSecret? SuccessRedirectUrl { get; init; }

    /// <summary>Where the browser goes after a failure.</summary>
    public BearerSecret? FailureRedirectUrl { get; init; }

    /// <summary>Whether the browser comes back with this state: the link was made for it.</summary>
    /// <param name="state">The state in our redirect URLs, a path segment of its own.</param>
    public bool CarriesState(string state)
    {
        ArgumentException.ThrowIfNullOrEmpty(state);
        return Carries(SuccessRedirectUrl, state) || Carries(FailureRedirectUrl, state);
    }

    internal static PlatformSetupLink? Read(JsonElement row) => row.Text("id") is { } id && BoundedId.IsValid(id)
        ? new()
        {
            Id = id,
            Status = row.Text("status"),
            Url = row.Secret("url"),
            Token = row.Secret("token"),
            ExpiresAt = row.Time("expires_at"),
            CreatedAt = row.Time("created_at"),
            WhatsappSetupStatus = row.Text("whatsapp_setup_status"),
            WhatsappSetupError = row.Words("whatsapp_setup_error") is { } error ? PlainText.Of(error) : null,
            SuccessRedirectUrl = row.Secret("success_redirect_url"),
            FailureRedirectUrl = row.Secret("failure_redirect_url"),
        }
        : null;

    private static bool Carries(BearerSecret? url, string state) =>
        Uri.TryCreate(url?.Reveal, UriKind.Absolute, out var parsed)
        && parsed.Segments.Any(segment => segment.AsSpan().TrimEnd('/').SequenceEqual(state));
}
