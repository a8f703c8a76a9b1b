namespace Kapso.Benchmarks.Targets;

/// <summary>The settings that every host of the service is started with, as variables of its environment.</summary>
internal static class KapsoSettings
{
    /// <param name="address">Where the host listens.</param>
    /// <param name="credentials">The project.</param>
    /// <param name="welcomes">Where welcomes are sent; null to have them logged.</param>
    public static Dictionary<string, string> Of(Uri address, TargetCredentials credentials, Uri? welcomes)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority),
            ["Logging__LogLevel__Default"] = "Warning",
            ["Kapso__Projects__0__Id"] = credentials.ProjectId,
            ["Kapso__Projects__0__WebhookSecrets__0"] = credentials.WebhookSecret,
            ["Kapso__Management__ApiKey"] = credentials.ManagementKey,
            ["Kapso__PublicUrl"] = address.GetLeftPart(UriPartial.Authority),
            ["Kapso__Welcome__Flow"] = welcomes is null ? "log" : "callback",
        };
        if (welcomes is not null)
        {
            settings["Kapso__Welcome__Callback__Url"] = welcomes.AbsoluteUri;
            settings["Kapso__Welcome__Callback__Secret"] = credentials.WelcomeSecret;
        }

        return settings;
    }
}
