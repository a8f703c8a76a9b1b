using Kapso.Web.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;

namespace Kapso.Web.Operators.SignIn;

/// <summary>
/// Seals cookies. Those of the key that has no name are sealed with it, as of old, and end with it. All others are sealed otherwise, so
/// that a process of an earlier version, which knows no roles, takes none of them for an administrator's.
/// </summary>
internal sealed class SessionFormat(ManagementKeys keys, IDataProtectionProvider protection) : ISecureDataFormat<AuthenticationTicket>
{
    private readonly TicketDataFormat _ofAdministratorKey = new(protection.CreateProtector(
        OperatorCookies.Scheme, Convert.ToHexString(keys.Administrator?.Derive(OperatorCookies.Scheme) ?? [])));

    private readonly TicketDataFormat _others = new(protection.CreateProtector(OperatorCookies.Scheme, "with a role"));

    /// <inheritdoc/>
    public string Protect(AuthenticationTicket data) => Protect(data, null);

    /// <inheritdoc/>
    public string Protect(AuthenticationTicket data, string? purpose) =>
        (SessionClaims.IsOfAdministratorKey(data.Principal) ? _ofAdministratorKey : _others).Protect(data, purpose);

    /// <inheritdoc/>
    public AuthenticationTicket? Unprotect(string? protectedText) => Unprotect(protectedText, null);

    /// <inheritdoc/>
    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose)
    {
        if (_ofAdministratorKey.Unprotect(protectedText, purpose) is { } ticket)
            return keys.Administrator is null ? null : ticket;
        return _others.Unprotect(protectedText, purpose);
    }
}
