using System.Text.RegularExpressions;

namespace Kapso.Simulator.World;

/// <summary>
/// A phone as WhatsApp writes it: of accounts that are older than their country's numbering plan, not as it is dialled. The simulator
/// takes all accounts of these countries to be old.
/// </summary>
internal static partial class WhatsAppSpelling
{
    /// <summary>The digits, less what WhatsApp leaves out: none where the country is not one of these.</summary>
    public static string Of(string to) =>
        LeftOut().Replace(to.TrimStart('+'), left => string.Concat(left.Groups.Values.Skip(1).Select(group => group.Value)));

    /// <summary>
    /// Brazil's ninth digit, Mexico's 1, Argentina's 9, and the two digits that Ivory Coast's operators got in 2021.
    /// </summary>
    [GeneratedRegex("^(55[1-9]{2})9([6-9][0-9]{7})$|^(52)1([0-9]{10})$|^(54)9([0-9]{10})$|^(225)0[157]([0-9]{8})$")]
    private static partial Regex LeftOut();
}
