using System.Globalization;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Rules for the projects.</summary>
internal static class ProjectRules
{
    public static void Check(KapsoOptions options, bool surface, Mistakes mistakes)
    {
        var projects = options.Projects;
        if (projects.Count == 0)
            mistakes.Add("Projects:0:Id", "is missing: set the id of at least one Kapso project, and its webhook secret in Kapso:Projects:0:WebhookSecrets:0.");

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < projects.Count; i++)
        {
            var project = projects[i];
            if (string.IsNullOrEmpty(project.Id))
                mistakes.Add($"Projects:{i}:Id", "is missing: set the project's id, as the platform shows it.");
            else if (Objection(project.Id) is { } objection)
                mistakes.Add($"Projects:{i}:Id", objection);
            else if (!seen.TryAdd(project.Id, i))
                mistakes.Add($"Projects:{i}:Id", $"is the same as Kapso:Projects:{seen[project.Id]}:Id: list each project once, with all of its secrets.");

            for (var secret = 0; secret < project.WebhookSecrets.Count; secret++)
            {
                if (SecretObjection(project.WebhookSecrets[secret]) is { } wrong)
                    mistakes.Add($"Projects:{i}:WebhookSecrets:{secret}", wrong);
            }

            if (project.ApiKey is { } key && Tokens.Objection(key) is { } keyObjection)
                mistakes.Add($"Projects:{i}:ApiKey", keyObjection);
            if (project.Webhook == WebhookSetup.Managed && surface)
                CheckManaged(project, options.PublicUrl, i, mistakes);
        }
    }

    private static void CheckManaged(ProjectOptions project, Uri? publicUrl, int index, Mistakes mistakes)
    {
        if (string.IsNullOrEmpty(project.ApiKey))
            mistakes.Add($"Projects:{index}:Webhook", $"is managed, and the platform cannot be told of the webhook without a key: set Kapso:Projects:{index}:ApiKey.");
        if (publicUrl is null)
            mistakes.Add($"Projects:{index}:Webhook", "is managed, and there is no address to give to the platform: set Kapso:PublicUrl.");
    }

    private static string? Objection(string id) =>
        id.Length > BoundedId.MaxLength ? $"is not an id: it is longer than {BoundedId.MaxLength} characters."
        : id.Trim().Length < id.Length ? "is not an id: there are blanks around it."
        : id.Any(char.IsControl) ? "is not an id: it has a control character inside."
        : !BoundedId.IsValid(id) ? "is not an id: it has a character that no id has."
        : null;

    /// <summary>A secret may hold blanks and any character; a line end is where two were put into one setting.</summary>
    private static string? SecretObjection(string secret) =>
        string.IsNullOrWhiteSpace(secret) ? "is empty: set the secret of the project's webhook, or remove the setting."
        : secret.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0
            ? $"has a line end inside, after its character {end.ToString(CultureInfo.InvariantCulture)}: set each secret in a setting of its own."
        : IsBroken(secret) ? "holds half of a character, which no secret of the platform can: copy it again."
        : null;

    private static bool IsBroken(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return true;
        }

        return false;
    }
}
