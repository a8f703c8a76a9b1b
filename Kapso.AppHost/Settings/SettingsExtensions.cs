using Microsoft.Extensions.Configuration;

namespace Kapso.AppHost.Settings;

/// <summary>Hands the service's settings to its processes.</summary>
internal static class SettingsExtensions
{
    private const string Section = "Kapso";

    /// <summary>
    /// What every process needs: the project, and whatever else is set below <c>Kapso:</c> in the configuration of this
    /// application host (<c>Kapso:Welcome:Flow</c>, say), which goes before the parameters.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithKapsoSettings(
        this IResourceBuilder<ProjectResource> process, KapsoSettings settings)
    {
        process
            .WithEnvironment("Kapso__Projects__0__Id", settings.ProjectId)
            .WithEnvironment("Kapso__Projects__0__ApiKey", settings.ApiKey)
            .WithEnvironment("Kapso__Welcome__Callback__Secret", settings.WelcomeSecret)
            .DisableForwardedHeaders(); // only those of Kapso:TrustedProxies count

        foreach (var (key, value) in process.ApplicationBuilder.Configuration.GetSection(Section).AsEnumerable())
        {
            if (value is null)
                continue;
            var variable = key.Replace(":", "__", StringComparison.Ordinal);
            if (IsSecret(key))
                process.WithEnvironment(variable, SecretOf(process.ApplicationBuilder, key));
            else
                process.WithEnvironment(variable, value);
        }

        return process;
    }

    /// <summary>What the process that serves browsers, the platform and the company needs beside that.</summary>
    public static IResourceBuilder<ProjectResource> WithKapsoSurface(
        this IResourceBuilder<ProjectResource> process, KapsoSettings settings)
    {
        process
            .WithEnvironment("Kapso__Projects__0__WebhookSecrets__0", settings.WebhookSecret)
            .WithEnvironment("Kapso__Management__ApiKey", settings.ManagementKey);

        var builder = process.ApplicationBuilder;
        return builder.Configuration[Section + ":PublicUrl"] is null
            ? process.WithEnvironment("Kapso__PublicUrl", process.GetEndpoint(builder.ExecutionContext.IsPublishMode ? "https" : "http"))
            : process;
    }

    // A secret's value is not written into what is published; its parameter is.
    private static IResourceBuilder<ParameterResource> SecretOf(IDistributedApplicationBuilder builder, string key)
    {
        var name = key.Replace(":", "-", StringComparison.Ordinal).ToLowerInvariant();
        return builder.Resources.OfType<ParameterResource>().FirstOrDefault(parameter => parameter.Name == name) is { } known
            ? builder.CreateResourceBuilder(known)
            : builder.AddParameterFromConfiguration(name, key, secret: true);
    }

    private static bool IsSecret(string key) =>
        key.EndsWith("Secret", StringComparison.OrdinalIgnoreCase)
        || key.EndsWith("Key", StringComparison.OrdinalIgnoreCase)
        || key.Contains(":WebhookSecrets:", StringComparison.OrdinalIgnoreCase);
}
