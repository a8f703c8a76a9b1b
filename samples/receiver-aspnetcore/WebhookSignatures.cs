using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ReceiverSample;

/// <summary>
/// The signatures of Standard Webhooks 1.0.0: HMAC-SHA256 over <c>id.timestamp.body</c>. While a secret is being replaced a request has one
/// for each, and this receiver may know both as well: one that fits is enough.
/// </summary>
internal sealed class WebhookSignatures
{
    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";

    /// <summary>How far the sender's clock and this one may be apart, and how long a request can be sent again by somebody who saw it.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly byte[][] _keys;

    /// <summary>Takes secrets that are separated by blanks.</summary>
    /// <exception cref="FormatException">One of them is not <c>whsec_</c> and base64.</exception>
    public WebhookSignatures(string secrets)
    {
        _keys = [.. secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static secret => secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            ? Convert.FromBase64String(secret[SecretPrefix.Length..])
            : throw new FormatException($"A secret begins with {SecretPrefix}."))];
        if (_keys.Length == 0)
            throw new FormatException("There is no secret.");
    }

    /// <summary>Whether the request was signed with one of the secrets, a few minutes ago at most.</summary>
    public bool AreRight(IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (id, timestamp) = (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString());
        if (id.Length == 0
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
            return false;

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = Array.ConvertAll(_keys, key => Encoding.ASCII.GetBytes(Version + Convert.ToBase64String(HMACSHA256.HashData(key, signed))));
        return headers["webhook-signature"].ToString().Split(' ').Select(Encoding.UTF8.GetBytes)
            .Any(given => Array.Exists(expected, right => CryptographicOperations.FixedTimeEquals(given, right)));
    }
}
