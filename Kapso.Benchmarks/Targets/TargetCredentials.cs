using System.Net.Http.Headers;

namespace Kapso.Benchmarks.Targets;

/// <summary>What a target and the benchmark agree on. The defaults are made up, for processes that live as long as a run.</summary>
internal sealed record TargetCredentials
{
    public string ProjectId { get; init; } = "990e8400-e29b-41d4-a716-446655440004";

    public string WebhookSecret { get; init; } = "benchmark-webhook-secret";

    public string ManagementKey { get; init; } = "benchmark-management-key-of-no-other-use";

    /// <summary>In the form of Standard Webhooks.</summary>
    public string WelcomeSecret { get; init; } = "whsec_YmVuY2htYXJrLXdlbGNvbWUtc2VjcmV0LTAxMjM=";

    /// <summary>A client that may ask the management API.</summary>
    public HttpClient NewClient(Uri address) => new()
    {
        BaseAddress = address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ManagementKey) },
    };

    /// <summary>The settings that every host of the service is started with, as variables of its environment.</summary>
    /// <param name="address">Where the host listens.</param>
    /// <param name="welcomes">Where welcomes are sent; null to have them logged.</param>
    public Dictionary<string, string> Settings(Uri address, Uri? welcomes)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority),
            ["Logging__LogLevel__Default"] = "Warning",
            ["Kapso__Projects__0__Id"] = ProjectId,
            ["Kapso__Projects__0__WebhookSecrets__0"] = WebhookSecret,
            ["Kapso__Management__ApiKey"] = ManagementKey,
            ["Kapso__PublicUrl"] = address.GetLeftPart(UriPartial.Authority),
            ["Kapso__Welcome__Flow"] = welcomes is null ? "log" : "callback",
        };
        if (welcomes is not null)
        {
            settings["Kapso__Welcome__Callback__Url"] = welcomes.AbsoluteUri;
            settings["Kapso__Welcome__Callback__Secret"] = WelcomeSecret;
        }

        return settings;
    }
}
