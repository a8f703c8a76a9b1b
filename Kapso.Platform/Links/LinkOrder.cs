using System.Security.Cryptography;
using System.Text.Json;
using Kapso.Platform.Api;

namespace Kapso.Platform.Links;

/// <summary>A setup link that somebody asks for.</summary>
/// <param name="Key">For whom.</param>
/// <param name="Options">The platform's options; without redirect URLs, which are ours.</param>
/// <param name="ReturnUrl">Where the browser goes instead of our pages, checked.</param>
/// <param name="Replace">Whether a link that the customer can still use is to be revoked by it.</param>
/// <param name="IdempotencyKey">The caller's key; null where none came.</param>
/// <param name="Origin">Where browsers reach this service.</param>
public sealed record LinkOrder(
    CustomerKey Key, SetupLinkRequest Options, string? ReturnUrl, bool Replace, string? IdempotencyKey, string Origin)
{
    /// <summary>The customer's number that it is to connect again, by its <c>phone_number_id</c>; null for a link that connects any.</summary>
    public string? Reconnects { get; init; }

    /// <summary>Whether nobody asks for it: the service makes it by itself.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>A hash of what was asked for: the same key with something else is a mistake.</summary>
    internal string Fingerprint()
    {
        var asked = JsonSerializer.SerializeToUtf8Bytes(Options.ToBody(), RequestBodyContext.Default.SetupLinkBody);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(asked);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes((string?[])[ReturnUrl, Replace ? "replace" : null]));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}

/// <summary>How an order for a setup link ended.</summary>
public enum LinkOrderEnd
{
    /// <summary>The platform has made the link.</summary>
    Issued,

    /// <summary>The link was there: asked for before with the same key, or still usable.</summary>
    Found,

    /// <summary>Another link of the customer's is being made.</summary>
    InProgress,

    /// <summary>The key was used before, with other options.</summary>
    KeyReused,

    /// <summary>The number is not gone, or its phone is connected as another number.</summary>
    NotGone,

    /// <summary>No proof told the number's phone, by which the platform connects it again.</summary>
    NoPhone,

    /// <summary>The customer has a link that can be used, and it is not one that connects this number again.</summary>
    OtherLink,

    /// <summary>The service was to make it by itself, and is not to, or not yet.</summary>
    NotDue,

    /// <summary>The project has no API key.</summary>
    NoApiKey,

    /// <summary>The platform refused it.</summary>
    Refused,

    /// <summary>The platform was not asked, or turned the call away: nothing was made.</summary>
    Unavailable,

    /// <summary>The platform may have made the link and has not said so. Asking again with the same key finds it.</summary>
    Unknown,
}

/// <summary>What became of an order for a setup link.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Link">The link, where there is one.</param>
/// <param name="Error">What the platform said, in words without secrets.</param>
/// <param name="RetryAfter">Earliest time until the next try, where one is known.</param>
public sealed record LinkOrderResult(LinkOrderEnd End, SetupLink? Link = null, string Error = "", TimeSpan? RetryAfter = null);
