using System.Diagnostics.CodeAnalysis;

namespace Kapso.Connections.Values;

/// <summary>The form in which a customer's <c>contact_phone</c> is kept: E.164, a plus and 7 to 15 digits.</summary>
public static class ContactPhones
{
    private const int MinDigits = 7;
    private const int MaxDigits = 15;

    /// <summary>Longest text that is looked at, separators included.</summary>
    private const int MaxText = 32;

    /// <summary>Whether it is in the form that is kept.</summary>
    public static bool IsNormal(string phone)
    {
        ArgumentNullException.ThrowIfNull(phone);
        return phone.Length is > MinDigits and <= MaxDigits + 1 && phone[0] == '+' && phone[1] != '0'
            && !phone.AsSpan(1).ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>
    /// Takes what people write between the digits out, and takes digits of any script: see <see cref="PhoneText"/>. Without a plus in
    /// front nothing is guessed: the country would be.
    /// </summary>
    public static bool TryNormalize(string? text, [NotNullWhen(true)] out string? phone)
    {
        phone = text is { Length: <= MaxText } && PhoneText.IsPhone(text) && PhoneText.IsInternational(text) ? "+" + PhoneText.DigitsOf(text) : null;
        if (phone is not null && IsNormal(phone))
            return true;
        phone = null;
        return false;
    }
}
