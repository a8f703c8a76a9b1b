using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kapso.Platform.Receivers;

/// <summary>
/// A signing secret of Standard Webhooks 1.0.0: <c>whsec_</c> and base64 of 24 to 64 bytes, the prefix and the padding left out where
/// somebody left them out. Several, separated by blanks, each give a signature, so that the receiver can change from one to the next.
/// </summary>
internal sealed class StandardWebhookSecret
{
    public const string Prefix = "whsec_";
    public const int MinBytes = 24;
    public const int MaxBytes = 64;

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    private readonly byte[][] _keys;

    private StandardWebhookSecret(byte[][] keys) => _keys = keys;

    /// <summary>Reads the setting; false where it is empty or a part of it is no secret.</summary>
    public static bool TryParse(string? setting, [NotNullWhen(true)] out StandardWebhookSecret? secret) => TryParse(setting, out secret, out _);

    /// <summary>Reads the setting.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="secret">The secret; null where the setting is none.</param>
    /// <param name="mistakes">What is wrong with each of its parts: sentences without their subject, and without a word of the secret.</param>
    public static bool TryParse(string? setting, [NotNullWhen(true)] out StandardWebhookSecret? secret, out IReadOnlyList<string> mistakes)
    {
        secret = null;
        var found = new List<string>();
        mistakes = found;
        if ((setting ?? "").Trim().AsSpan().IndexOfAny('\r', '\n') is var end and >= 0)
        {
            found.Add(Text($"has a line end inside, after its character {end}: write it on one line, and a blank between several secrets."));
            return false;
        }

        var parts = (setting ?? "").Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var keys = new byte[parts.Length][];
        for (var i = 0; i < parts.Length; i++)
        {
            if (Read(parts[i], out keys[i]) is { } mistake)
                found.Add(parts.Length == 1 ? mistake : Text($"(secret {i + 1} of {parts.Length}) {mistake}"));
        }

        if (parts.Length == 0)
            found.Add("is empty.");
        if (found.Count > 0)
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

    /// <summary>Reads one secret; says what is wrong with it, or null.</summary>
    private static string? Read(string part, out byte[] key)
    {
        key = [];
        var isPrefixed = part.StartsWith(Prefix, StringComparison.Ordinal);
        if (!isPrefixed && WrongPrefix(part) is { } wrong)
            return wrong;

        var digits = isPrefixed ? part[Prefix.Length..] : part;
        var unpadded = digits.TrimEnd('=');
        var without = isPrefixed ? "" : $"has no prefix {Prefix} and ";
        if (digits.Length == 0)
            return $"has nothing after {Prefix}.";
        if (unpadded.AsSpan().IndexOfAnyExcept(Base64) is var at and >= 0)
            return $"{without}is not base64 at its character {Figure(part.Length - digits.Length + at + 1)}{Hint(unpadded[at])}";
        if (digits.Length - unpadded.Length > 2)
            return $"{without}ends with more = than base64 can.";

        var bytes = unpadded.Length * 3 / 4;
        if (bytes < MinBytes)
            return $"{without}is too short: {Figure(bytes)} bytes, and at least {MinBytes} are needed.";
        if (bytes > MaxBytes)
            return $"{without}is too long: {Figure(bytes)} bytes, and at most {MaxBytes} are taken.";
        if (unpadded.Length % 4 == 1)
            return $"{without}has a character too many or too few: no base64 has {Figure(unpadded.Length)}.";
        if (!isPrefixed && unpadded.All(char.IsAsciiHexDigit))
            return $"has no prefix {Prefix}, and can be read as hexadecimal or as base64: put {Prefix} before it if your application reads it as base64.";
        key = Convert.FromBase64String(unpadded + new string('=', (4 - (unpadded.Length % 4)) % 4));
        return null;
    }

    private static string? WrongPrefix(string part) =>
        part.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? $"has its prefix in capitals: write {Prefix} in lower case."
        : part.StartsWith("whpk_", StringComparison.OrdinalIgnoreCase) ? $"is a public key (whpk_), which can sign nothing: set a symmetric secret, {Prefix} and base64."
        : part.StartsWith("whsk_", StringComparison.OrdinalIgnoreCase) ? $"is a key of asymmetric signatures (whsk_), which are not made here: set a symmetric secret, {Prefix} and base64."
        : part[0] is '"' or '\'' ? "begins with a quotation mark: write it without."
        : part.IndexOf('_', StringComparison.Ordinal) is > 0 and < 10 ? $"begins with another prefix than {Prefix}: it is a secret of another kind."
        : null;

    private static string Hint(char character) => character switch
    {
        '-' or '_' => ": base64url has - and _ where base64 has + and /.",
        ',' or ';' => ": write a blank between several secrets.",
        '"' or '\'' => ": write it without quotation marks.",
        '=' => ": = stands at the end only.",
        _ => ".",
    };

    private static string Figure(int figure) => figure.ToString(CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
