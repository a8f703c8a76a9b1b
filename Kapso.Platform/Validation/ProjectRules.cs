using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Rules for the projects.</summary>
internal static class ProjectRules
{
    public static void Check(IList<ProjectOptions> projects, Mistakes mistakes)
    {
        if (projects.Count == 0)
            mistakes.Add("Projects:0:Id", "is missing: set the id of at least one Kapso project, and its webhook secret in Kapso:Projects:0:WebhookSecrets:0.");

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < projects.Count; i++)
        {
            var project = projects[i];
            if (string.IsNullOrEmpty(project.Id))
                mistakes.Add($"Projects:{i}:Id", "is missing: set the project's id, as the platform shows it.");
            else if (!BoundedId.IsValid(project.Id))
                mistakes.Add($"Projects:{i}:Id", $"is not an id: 1 to {BoundedId.MaxLength} characters, no control characters, no blanks around it.");
            else if (!seen.TryAdd(project.Id, i))
                mistakes.Add($"Projects:{i}:Id", $"is the same as Kapso:Projects:{seen[project.Id]}:Id: list each project once, with all of its secrets.");

            for (var secret = 0; secret < project.WebhookSecrets.Count; secret++)
            {
                if (string.IsNullOrWhiteSpace(project.WebhookSecrets[secret]))
                    mistakes.Add($"Projects:{i}:WebhookSecrets:{secret}", "is empty: set the secret of the project's webhook, or remove the setting.");
            }
        }
    }
}
