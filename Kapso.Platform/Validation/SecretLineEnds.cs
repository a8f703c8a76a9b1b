using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Removes line ends around secrets: one that was read from a file often ends with one.</summary>
internal static class SecretLineEnds
{
    public static void Trim(KapsoOptions options)
    {
        foreach (var project in options.Projects)
        {
            project.ApiKey = TrimOrNull(project.ApiKey);
            for (var i = 0; i < project.WebhookSecrets.Count; i++)
                project.WebhookSecrets[i] = (project.WebhookSecrets[i] ?? "").Trim('\r', '\n');
        }

        options.Management.ApiKey = TrimOrNull(options.Management.ApiKey);
        options.Welcome.Callback.Secret = TrimOrNull(options.Welcome.Callback.Secret);
        options.Notify.Secret = TrimOrNull(options.Notify.Secret);
    }

    // An optional secret that is set to nothing is not set: environment variables cannot be unset by every tool.
    private static string? TrimOrNull(string? secret) =>
        secret?.Trim('\r', '\n') is { Length: > 0 } trimmed ? trimmed : null;
}
