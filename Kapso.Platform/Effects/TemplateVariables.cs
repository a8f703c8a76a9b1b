using System.Collections.Frozen;

namespace Kapso.Platform.Effects;

/// <summary>
/// What the variables of a welcome's template can be: a name from the list below, <c>tag:</c> and the key of one of the customer's tags, or
/// <c>=</c> and the text itself.
/// </summary>
internal static class TemplateVariables
{
    private const char Literal = '=';
    private const string Tag = "tag:";

    private static readonly FrozenDictionary<string, Func<ClaimedEffect, string?, string?>> Named =
        new Dictionary<string, Func<ClaimedEffect, string?, string?>>
        {
            ["customer_id"] = (claimed, _) => claimed.Key.CustomerId,
            ["external_id"] = (claimed, _) => claimed.Customer?.OwnId,
            ["name"] = (claimed, _) => claimed.Customer?.Name,
            ["verified_name"] = (claimed, _) => ProvenDetails.Of(claimed.Number)?.VerifiedName,
            ["display_phone_number"] = (claimed, _) => ProvenDetails.Of(claimed.Number)?.DisplayPhoneNumber,
            ["phone_number_id"] = (claimed, _) => claimed.Effect.PhoneNumberId,
            ["business_account_id"] = (claimed, _) => ProvenDetails.Of(claimed.Number)?.BusinessAccountId,
            ["contact_phone"] = (claimed, _) => claimed.Effect.Recipient,
            ["project_name"] = (_, project) => project,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names, for people.</summary>
    public static string Names => string.Join(", ", Named.Keys.Append(Tag + "key").Order(StringComparer.Ordinal));

    /// <summary>Whether a setting says what a variable is.</summary>
    public static bool IsKnown(string? variable) =>
        variable is [Literal, _, ..] || (variable is not null && (Named.ContainsKey(variable) || IsTag(variable)));

    /// <summary>A variable's value; null where it is not known (yet).</summary>
    /// <param name="variable">As in the settings.</param>
    /// <param name="claimed">The welcome.</param>
    /// <param name="projectName">The project's name for people.</param>
    public static string? Read(string variable, ClaimedEffect claimed, string? projectName)
    {
        var value = variable[0] == Literal ? variable[1..]
            : IsTag(variable) ? CustomerNames.TagsOf(claimed.Customer).GetValueOrDefault(variable[Tag.Length..])
            : Named[variable](claimed, projectName);
        return string.IsNullOrWhiteSpace(value) ? null : value;
    }

    private static bool IsTag(string variable) =>
        variable.StartsWith(Tag, StringComparison.Ordinal) && CustomerTags.IsKey(variable[Tag.Length..]);
}
