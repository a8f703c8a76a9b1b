using System.Text.Json;
using Kapso.Platform.Api;

namespace Kapso.Web.Management;

/// <summary>What a setup link is made with: the platform's options, passed through, and some of ours. All can be left out.</summary>
/// <param name="AllowedConnectionTypes"><c>coexistence</c>, <c>dedicated</c>.</param>
/// <param name="ProvisionPhoneNumber">Whether the platform provides the number.</param>
/// <param name="PhoneNumberAreaCode">The provided number's area code.</param>
/// <param name="PhoneNumberCountryIsos">Countries that the provided number may be from.</param>
/// <param name="Language">The setup page's language.</param>
/// <param name="ThemeConfig">The setup page's colours.</param>
/// <param name="ReconnectPhoneNumber">A number to connect again.</param>
/// <param name="AllowedOrigins">Origins that may embed the setup page.</param>
/// <param name="MetaBillingMode">Who pays Meta.</param>
/// <param name="ContactPhone">Where a template welcome goes, E.164.</param>
/// <param name="ReturnUrl">Where the browser goes instead of our pages: https, with a host that is allowed.</param>
/// <param name="ExternalId">The company's own id for the customer, which stands above the platform's word.</param>
/// <param name="Name">The customer's name, which stands above the platform's word.</param>
/// <param name="Tags">What the company marks the customer with: values by their keys. Those that the customer has besides stay.</param>
/// <param name="Replace">Whether a link that the customer can still use is to be revoked by this one.</param>
public sealed record CreateSetupLinkRequest(
    IReadOnlyList<string>? AllowedConnectionTypes = null,
    bool? ProvisionPhoneNumber = null,
    string? PhoneNumberAreaCode = null,
    IReadOnlyList<string>? PhoneNumberCountryIsos = null,
    string? Language = null,
    JsonElement? ThemeConfig = null,
    string? ReconnectPhoneNumber = null,
    IReadOnlyList<string>? AllowedOrigins = null,
    string? MetaBillingMode = null,
    string? ContactPhone = null,
    string? ReturnUrl = null,
    string? ExternalId = null,
    string? Name = null,
    IReadOnlyDictionary<string, string?>? Tags = null,
    bool Replace = false) : ILinkBody
{
    internal const string Members =
        "the documented options of a setup link, contact_phone, return_url, external_id and name (strings), tags (an object of strings) and replace (a boolean), all optional";

    /// <summary>What it says of the customer; what is wrong with that, or null.</summary>
    internal string? ReadCustomer(out CustomerChange change) =>
        CustomerMembers.Read(CustomerMembers.Given(ExternalId), CustomerMembers.Given(Name), Tags, out change);

    /// <summary>The platform's part of it.</summary>
    public SetupLinkRequest ToOptions() => new()
    {
        AllowedConnectionTypes = AllowedConnectionTypes,
        ProvisionPhoneNumber = ProvisionPhoneNumber,
        PhoneNumberAreaCode = PhoneNumberAreaCode,
        PhoneNumberCountryIsos = PhoneNumberCountryIsos,
        Language = Language,
        ThemeConfig = ThemeConfig,
        ReconnectPhoneNumber = ReconnectPhoneNumber,
        AllowedOrigins = AllowedOrigins,
        MetaBillingMode = MetaBillingMode,
    };
}

/// <summary>What a link that was made elsewhere is registered with.</summary>
/// <param name="ReturnUrl">Where the browser goes instead of our pages, if the link has redirect URLs of ours.</param>
public sealed record RegisterSetupLinkRequest(string? ReturnUrl = null);
