using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

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

    /// <summary>The platform's signed webhook about one number of a customer.</summary>
    public HttpRequestMessage NewWebhook(string customer, long number, string @event, string key)
    {
        var body = Encoding.UTF8.GetBytes(
            $$"""{"phone_number_id":"{{number}}","project":{"id":"{{ProjectId}}"},"customer":{"id":"{{customer}}"} }""");
        var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/project/{ProjectId}")
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("X-Webhook-Event", @event);
        request.Headers.Add("X-Webhook-Payload-Version", "v2");
        request.Headers.Add("X-Idempotency-Key", key);
        request.Headers.Add("X-Webhook-Signature", Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(WebhookSecret), body)));
        return request;
    }

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
