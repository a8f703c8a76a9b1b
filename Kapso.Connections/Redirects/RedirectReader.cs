namespace Kapso.Connections.Redirects;

/// <summary>
/// Reads the query of a redirect. Anybody can type one, so everything in it is a hint: what is missing, empty, too long or
/// not what it should be is as good as not there, and nothing throws.
/// </summary>
public static class RedirectReader
{
    // Meta's ids have 15 to 17 digits today.
    private const int MaxPhoneNumberId = 32;

    /// <summary>
    /// Reads parameters that the web framework has decoded, once; they are not decoded again. Names are compared exactly,
    /// unknown ones are ignored. A parameter that comes again with the same value counts once; with different values, not
    /// at all, since nothing says which one is meant. Empty values are not there.
    /// </summary>
    /// <param name="query">Each parameter with its values.</param>
    public static RedirectParameters Read(IEnumerable<KeyValuePair<string, string?[]>> query)
    {
        ArgumentNullException.ThrowIfNull(query);
        Parameter link = new(), number = new(), account = new(), display = new(), config = new(), provisioned = new(),
            status = new(), code = new();
        foreach (var (name, values) in query)
        {
            switch (name)
            {
                case "setup_link_id": link.Add(values); break;
                case "phone_number_id": number.Add(values); break;
                case "business_account_id": account.Add(values); break;
                case "display_phone_number": display.Add(values); break;
                case "whatsapp_config_id": config.Add(values); break;
                case "provisioned_phone_number_id": provisioned.Add(values); break;
                case "status": status.Add(values); break;
                case "error_code": code.Add(values); break;
            }
        }

        return new RedirectParameters
        {
            SetupLinkId = Id(link.Value),
            PhoneNumberId = PhoneNumberId(number.Value),
            BusinessAccountId = Id(account.Value),
            DisplayPhoneNumber = E164(display.Value),
            WhatsappConfigId = Id(config.Value),
            ProvisionedPhoneNumberId = Id(provisioned.Value),
            Status = status.Value == RedirectParameters.Completed ? RedirectParameters.Completed : null,
            ErrorCode = SetupErrorCodes.Normalize(code.Value),
        };
    }

    private static string? Id(string? value) => BoundedId.IsValid(value) ? value : null;

    private static string? PhoneNumberId(string? value) =>
        value is { Length: > 0 and <= MaxPhoneNumberId } && Digits(value) ? value : null;

    /// <summary>
    /// <c>+</c> and 7 to 15 digits, the first of them not 0, or null. A <c>+</c> that was not encoded in the URL arrives as
    /// a space: it is put back.
    /// </summary>
    private static string? E164(string? value)
    {
        var phone = value is [' ', .. var digits] ? "+" + digits : value;
        return phone is not null && ContactPhones.IsNormal(phone) ? phone : null;
    }

    // ASCII digits only: char.IsDigit takes those of every script.
    private static bool Digits(ReadOnlySpan<char> value) => !value.ContainsAnyExceptInRange('0', '9');

    private struct Parameter
    {
        private bool _differs;
        private string? _value;

        public readonly string? Value => _differs ? null : _value;

        public void Add(string?[]? values)
        {
            foreach (var value in values ?? [])
            {
                if (string.IsNullOrEmpty(value))
                    continue;
                _differs |= _value is not null && _value != value;
                _value ??= value;
            }
        }
    }
}
