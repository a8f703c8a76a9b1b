using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kapso.Web.Management;

namespace Kapso.Web.Operators.SignIn;

/// <summary>
/// Makes and checks the cookie of a sign-in: name, end and a random value, sealed with a key that is derived from the
/// management key. So no sign-in has to be stored, only what was ended (<see cref="ISignOuts"/>), every process that reaches
/// knows the cookie, and a change of the management key ends all of them.
/// </summary>
internal sealed class OperatorSessions(ManagementKey key, ISignOuts signOuts, TimeProvider time)
{
    /// <summary>How long a sign-in lasts.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

    private const int NonceBytes = 16;
    private const int MaxCookie = 512;

    private readonly byte[]? _cookieKey = key.Derive("kapso operator cookie" + signOuts.Reach);
    private readonly byte[]? _formKey = key.Derive("kapso operator form");

    /// <summary>The cookie of a new sign-in. Only for who brought the management key.</summary>
    public string Create(string name)
    {
        var end = (time.GetUtcNow() + Life).ToUnixTimeSeconds();
        var nonce = RandomNumberGenerator.GetHexString(2 * NonceBytes, lowercase: true);
        var content = string.Create(
            CultureInfo.InvariantCulture, $"{end}.{nonce}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name))}");
        return $"{content}.{Seal(_cookieKey!, content)}";
    }

    /// <summary>Who brings this cookie; null where it is none of ours, was made with another management key, or has ended.</summary>
    public OperatorSession? Read(string? cookie)
    {
        if (_cookieKey is null || _formKey is null || cookie is not { Length: > 0 and <= MaxCookie }
            || cookie.LastIndexOf('.') is not (> 0 and var end)
            || !Matches(_cookieKey, cookie[..end], cookie[(end + 1)..])
            || cookie.Split('.') is not [var endsAt, var nonce, var name, _]
            || !long.TryParse(endsAt, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return null;
        }

        var until = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return until > time.GetUtcNow()
            ? new OperatorSession(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(name)), nonce, until, Seal(_formKey, nonce))
            : null;
    }

    /// <summary>Whether a form was made for this sign-in.</summary>
    public static bool IsOwnForm(OperatorSession session, string? token) => token is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(session.FormToken));

    private static string Seal(byte[] key, string content) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content)));

    private static bool Matches(byte[] key, string content, string seal) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(Seal(key, content)), Encoding.UTF8.GetBytes(seal));
}
