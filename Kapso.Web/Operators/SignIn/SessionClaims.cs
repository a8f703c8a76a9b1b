using System.Security.Claims;
using System.Security.Cryptography;
using Kapso.Platform.Settings;
using Kapso.Web.Access;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Operators.SignIn;

/// <summary>
/// What a cookie says of a sign-in. One with a named key holds only as long as that key does, and one at a provider as long as the
/// provider is set; what a key may do is looked up each time. One with the key that has no name says nothing more, as of old: its cookie
/// is sealed with that key.
/// </summary>
internal sealed class SessionClaims(ManagementKeys keys, IOptions<KapsoOptions> settings, TimeProvider time)
{
    private const string Key = "kapso:key";
    private const string KeyPrint = "kapso:key_print";
    private const string Role = "kapso:role";
    private const int PrintLength = 32;

    /// <summary>What a cookie says of somebody who brought a key.</summary>
    public static ClaimsPrincipal OfKey(string name, KnownKey key) => Of(
        name, key.By == AuditActor.ManagementKey ? [] : [new(Key, key.By.Name), new(KeyPrint, PrintOf(key))]);

    /// <summary>What a cookie says of somebody whom a provider let in.</summary>
    public static ClaimsPrincipal OfProvider(string name, ManagementRole role) => Of(name, new Claim(Role, Snake.Of(role)));

    /// <summary>Whether it is a sign-in with the key that has no name.</summary>
    public static bool IsOfAdministratorKey(ClaimsPrincipal person) => person.FindFirst(Key) is null && person.FindFirst(Role) is null;

    /// <summary>The sign-in that a cookie tells of; null where it does not hold any more.</summary>
    public OperatorSession? Read(ClaimsPrincipal person, AuthenticationProperties properties)
    {
        var (name, nonce) = (person.FindFirstValue(ClaimTypes.Name)!, person.FindFirstValue(ClaimTypes.NameIdentifier)!);
        var endsAt = properties.ExpiresUtc!.Value;
        if (person.FindFirstValue(Role) is { } text)
        {
            return settings.Value.Management.OpenIdConnect.Authority is not null && Snake.TryParse<ManagementRole>(text, out var role)
                ? new OperatorSession(name, nonce, endsAt, role, Key: null)
                : null;
        }

        var key = person.FindFirstValue(Key) is not { } called
            ? keys.Administrator
            : keys.All.FirstOrDefault(known => known.By.Name == called && PrintOf(known) == person.FindFirstValue(KeyPrint));
        return key is null || key.HasEnded(time.GetUtcNow()) ? null : new OperatorSession(name, nonce, endsAt, key.Role, key.By.Name);
    }

    private static ClaimsPrincipal Of(string name, params Claim[] more) => new(new ClaimsIdentity(
        [new(ClaimTypes.Name, name), new(ClaimTypes.NameIdentifier, RandomNumberGenerator.GetHexString(32, lowercase: true)), .. more],
        OperatorCookies.Scheme));

    // Tells a key from the one that had its name before.
    private static string PrintOf(KnownKey key) => Convert.ToHexStringLower(key.Derive(KeyPrint))[..PrintLength];
}
