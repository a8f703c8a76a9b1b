using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Kapso.Connections.Values;

/// <summary>
/// Compares phones as WhatsApp writes them, which in some countries is not as people do: one phone then has several spellings.
/// </summary>
public static partial class PhoneSpellings
{
    private const int MinDigits = 7;
    private const int MaxDigits = 15;

    /// <summary>What a phone that looks like another has in common with it, beside the country's code.</summary>
    private const int LikeDigits = 8;

    /// <summary>
    /// Spellings of one phone: what stands between the groups may be there or not. Sources:
    /// https://green-api.com/en/docs/faq/features-of-sending-and-receiving-messages-from-different-countries
    /// https://support.whapi.cloud/help-desk/specifics-of-sending-messages-to-numbers-of-different-countries
    /// https://www.zoko.io/learning-article/whatsapp-id-brazil-mexico
    /// https://waha.devlike.pro/docs/apps/phone-numbers-argentina/ and …/phone-numbers-mexico/
    /// </summary>
    private static readonly Regex[] Spellings = [BrazilianMobile(), MexicanMobile(), ArgentineMobile(), ArgentineWith15()];

    /// <summary>Country codes of two digits. Those that begin with 1 or 7 have one, all others three (ITU-T E.164, list of assigned codes).</summary>
    private static readonly HashSet<string> TwoDigitCountries =
    [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66",
        "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];

    /// <summary>One spelling, the same for all of a phone's: digits, the country's code first. Null where it is no phone in international form.</summary>
    /// <param name="written">As people or WhatsApp write it: blanks, hyphens, dots, parentheses and a plus do not count, and digits are of any script.</param>
    public static string? Common(string? written)
    {
        if (!TryReadDigits(written, out var digits))
            return null;
        foreach (var spelling in Spellings)
            digits = spelling.Replace(digits, found => string.Concat(found.Groups.Values.Skip(1).Select(group => group.Value)));
        return digits;
    }

    /// <summary>Whether both are spellings of one phone.</summary>
    public static bool AreSame(string? one, string? other) => Common(one) is { } phone && phone == Common(other);

    /// <summary>
    /// Whether two phones that are not the same by the rules that are known here may be all the same, by one that is not: they
    /// are of one country and end in the same eight digits.
    /// </summary>
    public static bool AreAlike(string? one, string? other) =>
        Common(one) is { Length: >= LikeDigits } phone && Common(other) is { Length: >= LikeDigits } like
        && Country(phone) == Country(like) && phone[^LikeDigits..] == like[^LikeDigits..];

    private static string Country(string digits) =>
        digits[0] is '1' or '7' ? digits[..1] : TwoDigitCountries.Contains(digits[..2]) ? digits[..2] : digits[..3];

    private static bool TryReadDigits(string? written, [NotNullWhen(true)] out string? digits)
    {
        digits = written is null || written.Any(char.IsLetter) ? "" : PhoneText.DigitsOf(written);
        return digits.Length is >= MinDigits and <= MaxDigits && digits[0] != '0';
    }

    /// <summary>
    /// Brazil put a 9 before all mobile numbers, in all its area codes (two digits, none of them 0); WhatsApp accounts from before
    /// go without. They began with 6 to 9: what begins with 2 to 5 and has no 9 is a landline, and another phone.
    /// </summary>
    [GeneratedRegex("^(55[1-9]{2})9([6-9][0-9]{7})$")]
    private static partial Regex BrazilianMobile();

    /// <summary>Mexico had a 1 between its code and a mobile number until 2019; WhatsApp accounts from before keep it.</summary>
    [GeneratedRegex("^(52)1([0-9]{10})$")]
    private static partial Regex MexicanMobile();

    /// <summary>Argentina's mobile numbers have a 9 when they are called from abroad.</summary>
    [GeneratedRegex("^(54)9([0-9]{10})$")]
    private static partial Regex ArgentineMobile();

    /// <summary>
    /// Within Argentina, a mobile number has a 15 between the area code (11, or three or four digits from 2 or 3) and the rest:
    /// 12 digits instead of 10. https://github.com/google/libphonenumber, PhoneNumberMetadata.xml, AR, has the same.
    /// </summary>
    [GeneratedRegex("^(54)9?(?=[0-9]{12}$)(11|[23][0-9]{2,3})15([0-9]+)$")]
    private static partial Regex ArgentineWith15();
}
