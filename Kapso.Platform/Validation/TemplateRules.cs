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
        if (template.Name is not { Length: > 0 and <= MaxName } || template.Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_'))
            mistakes.Add("Welcome:Template:Name", "is not a template's name: set the approved template's, lower-case letters, digits and underscores.");
        if (template.Language is not { Length: > 1 and <= MaxLanguage } || template.Language.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_'))
            mistakes.Add("Welcome:Template:Language", "is not a language code: set the approved template's, for example en_US.");
        if (template.SenderPhoneNumberId is not { Length: > 0 } sender
            || !BoundedId.IsValid(sender) || (sender != TemplateOptions.Connected && sender.Any(c => !char.IsAsciiDigit(c))))
            mistakes.Add("Welcome:Template:SenderPhoneNumberId", "is not a phone_number_id: set Meta's id of the number that sends (digits), or connected for the customer's own.");

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
}
