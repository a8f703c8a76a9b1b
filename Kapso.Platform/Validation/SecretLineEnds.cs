using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>
/// Removes what copying leaves around secrets: line ends, as a file has at its end, blanks, which are part of no key, and the quotation
/// marks of a file of variables, which are part of none that the platform or a receiver has. A webhook's secret may have them, and keeps them.
/// </summary>
internal static class SecretLineEnds
{
    public static void Trim(KapsoOptions options)
    {
        foreach (var project in options.Projects)
        {
            project.ApiKey = TrimOrNull(Unquoted(project.ApiKey));
            for (var i = 0; i < project.WebhookSecrets.Count; i++)
                project.WebhookSecrets[i] = (project.WebhookSecrets[i] ?? "").Trim('\r', '\n');
        }

        options.Management.ApiKey = TrimOrNull(options.Management.ApiKey);
        foreach (var key in options.Management.Keys)
            key.Key = TrimOrNull(key.Key);
        options.Management.OpenIdConnect.ClientSecret = TrimOrNull(options.Management.OpenIdConnect.ClientSecret);
        options.Welcome.Callback.Secret = TrimOrNull(Unquoted(options.Welcome.Callback.Secret));
        options.Notify.Secret = TrimOrNull(Unquoted(options.Notify.Secret));
        foreach (var receiver in options.Notify.Receivers)
            receiver.Secret = TrimOrNull(Unquoted(receiver.Secret));
    }

    private static string? Unquoted(string? secret) =>
        secret?.Trim() is { } trimmed and (['"', .., '"'] or ['\'', .., '\'']) ? trimmed[1..^1] : secret;

    // An optional secret that is set to nothing is not set: environment variables cannot be unset by every tool.
    private static string? TrimOrNull(string? secret) =>
        secret?.Trim() is { Length: > 0 } trimmed ? trimmed : null;
}
