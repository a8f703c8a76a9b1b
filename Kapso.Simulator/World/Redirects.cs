namespace Kapso.Simulator.World;

/// <summary>Where the customer's browser is sent.</summary>
internal static class Redirects
{
    /// <summary>The success URL with all its parameters; null where the link has none.</summary>
    public static string? Success(SetupLink link, PhoneNumber number) => With(
        link.SuccessRedirectUrl,
        ("setup_link_id", link.Id),
        ("status", "completed"),
        ("phone_number_id", number.Id),
        ("business_account_id", number.BusinessAccountId),
        ("whatsapp_config_id", number.ConfigId),
        ("display_phone_number", number.E164));

    /// <summary>The failure URL; null where the link has none.</summary>
    public static string? Failure(SetupLink link, string code) => With(
        link.FailureRedirectUrl, ("setup_link_id", link.Id), ("error_code", code));

    private static string? With(string? url, params (string Name, string Value)[] parameters)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var target))
            return null;
        var added = string.Join('&', parameters.Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}"));
        return target.GetLeftPart(UriPartial.Path) + (target.Query.Length > 1 ? $"{target.Query}&{added}" : $"?{added}");
    }
}
