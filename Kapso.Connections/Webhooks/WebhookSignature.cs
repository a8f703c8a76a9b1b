using System.Buffers;
using System.Security.Cryptography;

namespace Kapso.Connections.Webhooks;

/// <summary>
/// The check of <c>X-Webhook-Signature</c>: HMAC-SHA256 over the exact raw body, 64 hex digits, no prefix. It covers the
/// body only: not the event header, not the idempotency key, and no time, so that a captured request stays valid for ever.
/// </summary>
public static class WebhookSignature
{
    /// <summary>Hex digits of a signature.</summary>
    public const int HexLength = HMACSHA256.HashSizeInBytes * 2;

    /// <summary>
    /// Whether one of the secrets signed this body. Constant time in the secrets and the signature's value; never throws
    /// and, but for the first time on a thread, never allocates. A signature that is not well formed is refused before
    /// anything is hashed.
    /// </summary>
    /// <param name="body">The request's body, byte for byte as it came.</param>
    /// <param name="signatureHeader">
    /// The header's single value: 64 hex digits of either case, with any spaces and tabs around them. Empty where the
    /// header is missing.
    /// </param>
    /// <param name="secrets">The project's secrets; all are tried. None: the answer is false.</param>
    public static bool Verify(ReadOnlySpan<byte> body, ReadOnlySpan<char> signatureHeader, WebhookSecrets secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);

        var hex = signatureHeader.Trim(" \t");
        if (hex.Length != HexLength)
            return false;
        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(hex, claimed, out _, out _) != OperationStatus.Done)
            return false;

        // No early way out: the time tells how many secrets there are, not which one matched.
        Span<byte> computed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var authentic = false;
        for (var i = 0; i < secrets.Count; i++)
        {
            secrets.Hash(i, body, computed);
            authentic |= CryptographicOperations.FixedTimeEquals(computed, claimed);
        }

        return authentic;
    }
}
