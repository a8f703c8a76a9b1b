using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kapso.Platform.Receivers;

/// <summary>
/// A signing secret of Standard Webhooks 1.0.0: <c>whsec_</c> and base64 of 24 to 64 bytes. Several, separated by blanks,
/// each give a signature, so that the receiver can change from one to the next.
/// </summary>
internal sealed class StandardWebhookSecret
{
    public const string Prefix = "whsec_";
    public const int MinBytes = 24;
    public const int MaxBytes = 64;

    private readonly byte[][] _keys;

    private StandardWebhookSecret(byte[][] keys) => _keys = keys;

    /// <summary>Reads the setting; false where it is empty or a part of it has another form.</summary>
    public static bool TryParse(string? setting, [NotNullWhen(true)] out StandardWebhookSecret? secret)
    {
        secret = null;
        var parts = (setting ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var keys = new byte[parts.Length][];
        for (var i = 0; i < parts.Length; i++)
        {
            var key = new byte[parts[i].Length];
            if (!parts[i].StartsWith(Prefix, StringComparison.Ordinal)
                || !Convert.TryFromBase64Chars(parts[i].AsSpan(Prefix.Length), key, out var length)
                || length is < MinBytes or > MaxBytes)
                return false;
            keys[i] = key[..length];
        }

        if (keys.Length == 0)
            return false;
        secret = new StandardWebhookSecret(keys);
        return true;
    }

    /// <summary>The value of <c>webhook-signature</c>: HMAC-SHA256 over <c>id.timestamp.body</c>, one for each secret.</summary>
    public string Sign(string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}."));
        var content = new byte[head.Length + body.Length];
        head.CopyTo(content, 0);
        body.CopyTo(content.AsSpan(head.Length));
        return string.Join(' ', _keys.Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content))));
    }
}
