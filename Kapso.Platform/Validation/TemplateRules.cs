using Kapso.Platform.Effects;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Rules for the template that customers are welcomed with.</summary>
internal static class TemplateRules
{
    private const int MaxName = 512;
    private const int MaxLanguage = 16;

    public static void Check(KapsoOptions options, Mistakes mistakes)
    {
        var template = options.Welcome.Template;
        if (NameObjection(template.Name) is { } name)
            mistakes.Add("Welcome:Template:Name", $"{name}: set the approved template's name, lower-case letters, digits and underscores.");
        if (LanguageObjection(template.Language) is { } language)
            mistakes.Add("Welcome:Template:Language", $"{language}: set the approved template's language code, for example en_US.");
        if (SenderObjection(template.SenderPhoneNumberId) is { } sender)
            mistakes.Add("Welcome:Template:SenderPhoneNumberId", $"{sender}: set Meta's id of the number that sends (digits), or connected for the customer's own.");

        for (var i = 0; i < template.Variables.Count; i++)
        {
            if (!TemplateVariables.IsKnown(template.Variables[i]))
                mistakes.Add($"Welcome:Template:Variables:{i}", $"names nothing that is known: set one of {TemplateVariables.Names}, or = and the text itself.");
        }

        for (var i = 0; i < options.Projects.Count; i++)
        {
            if (options.Projects[i].ApiKey is null)
                mistakes.Add($"Projects:{i}:ApiKey", "is missing: a welcome by template is sent with it.");
            if (options.Projects[i].Name is null && template.Variables.Contains("project_name"))
                mistakes.Add($"Projects:{i}:Name", "is missing: a variable of Kapso:Welcome:Template:Variables is the project_name.");
        }
    }

    private static string? NameObjection(string? name) =>
        string.IsNullOrEmpty(name) ? "is missing"
        : name.Length > MaxName ? $"is longer than {MaxName} characters"
        : name.Any(char.IsAsciiLetterUpper) ? "has a capital letter, which no template's name has"
        : name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_') ? "has a character that no template's name has"
        : null;

    private static string? LanguageObjection(string? language) =>
        string.IsNullOrEmpty(language) ? "is missing"
        : language.Contains('-', StringComparison.Ordinal) ? "has a hyphen where Meta's codes have an underscore"
        : language.Length is 1 or > MaxLanguage ? $"is no language code of 2 to {MaxLanguage} characters"
        : language.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_') ? "has a character that no language code has"
        : null;

    private static string? SenderObjection(string? sender) =>
        string.IsNullOrEmpty(sender) ? "is missing"
        : sender == TemplateOptions.Connected ? null
        : sender.Length > BoundedId.MaxLength ? $"is longer than {BoundedId.MaxLength} characters"
        : sender[0] == '+' ? "is a phone number, not its phone_number_id"
        : sender.Any(c => !char.IsAsciiDigit(c)) ? "has a character that is no digit"
        : null;
}
