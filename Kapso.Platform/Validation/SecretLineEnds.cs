using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>
/// Removes what copying leaves around secrets: line ends, as a file has at its end, and blanks, which are part of no key. A webhook's
/// secret may have them, and keeps them.
/// </summary>
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
        secret?.Trim() is { Length: > 0 } trimmed ? trimmed : null;
}
