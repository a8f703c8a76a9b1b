using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Kapso.Connections.Webhooks;

/// <summary>
/// The secrets of a project's webhooks, prepared once for <see cref="WebhookSignature.Verify"/>. Several, so that one can
/// be rotated. None means that no webhook is accepted, never that an unchecked one is.
/// </summary>
public sealed class WebhookSecrets
{
    // An unpaired surrogate has no UTF-8: replaced silently, it would make a key that the platform does not have.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ImmutableArray<ThreadLocal<IncrementalHash>> _hashes;

    private WebhookSecrets(IEnumerable<byte[]> keys) =>
        _hashes = [.. keys.Select(key => new ThreadLocal<IncrementalHash>(
            () => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key)))];

    /// <summary>No secret: every signature is refused.</summary>
    public static WebhookSecrets None { get; } = new([]);

    /// <summary>How many secrets are tried.</summary>
    public int Count => _hashes.Length;

    /// <summary>
    /// Prepares secrets as configured. Line ends at the end are dropped (a secret read from a file has one); spaces and
    /// non-ASCII characters belong to the secret. Blanks and quotation marks around one can be the platform's or a slip in copying: with
    /// and without them it is accepted. The key is the secret's UTF-8.
    /// </summary>
    /// <exception cref="ArgumentException">A secret is null, empty, nothing but line ends, or not valid UTF-16.</exception>
    public static WebhookSecrets Create(IEnumerable<string> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        var keys = new List<byte[]>();
        var index = 0;
        foreach (var secret in secrets)
        {
            keys.Add(Key(secret, index));
            var bare = secret.AsSpan().Trim();
            if (!bare.IsEmpty && !bare.SequenceEqual(secret.AsSpan().TrimEnd("\r\n")))
                keys.Add(Key(bare, index));
            if (bare is ['"', .., '"'] or ['\'', .., '\''] && bare[1..^1].Trim() is { IsEmpty: false } quoted)
                keys.Add(Key(quoted, index));
            index++;
        }

        return keys.Count == 0 ? None : new WebhookSecrets(keys);
    }

    /// <summary>The HMAC-SHA256 of a body with one of the secrets. Each thread keeps its own, which is half the work of a new one.</summary>
    internal void Hash(int index, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        var hmac = _hashes[index].Value!;
        hmac.AppendData(body);
        hmac.GetHashAndReset(hash);
    }

    /// <summary>Names the type and the number of secrets, never a secret.</summary>
    public override string ToString() => $"{nameof(WebhookSecrets)} ({Count})";

    private static byte[] Key(ReadOnlySpan<char> secret, int index)
    {
        var text = secret.TrimEnd("\r\n");
        if (text.IsEmpty)
        {
            throw new ArgumentException(
                $"Webhook secret {index} is empty. Give the secret that the platform shows for the webhook, or remove the entry.");
        }

        try
        {
            var key = new byte[StrictUtf8.GetByteCount(text)];
            StrictUtf8.GetBytes(text, key);
            return key;
        }
        catch (EncoderFallbackException)
        {
            // Not passed on as the cause: its message quotes the secret's characters.
            throw new ArgumentException(
                $"Webhook secret {index} holds an unpaired surrogate, which no secret of the platform can. Copy it again.");
        }
    }
}
