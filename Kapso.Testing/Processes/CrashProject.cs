using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kapso.Testing.Processes;

/// <summary>A delivery that is sent again, with the same key, until it is answered.</summary>
internal sealed record Delivery(string CustomerId, string PhoneNumberId, string IdempotencyKey)
{
    public static Delivery New(long number) => new(
        Guid.NewGuid().ToString(), number.ToString("D15", CultureInfo.InvariantCulture), Guid.NewGuid().ToString());
}

/// <summary>The project of the crash tests: its settings, its platform, and what its operator asks.</summary>
internal static class CrashProject
{
    public const string Id = "990e8400-e29b-41d4-a716-446655440004";
    private const string Secret = "crash-test-webhook-secret";
    private const string ManagementKey = "crash-test-management-key";

    /// <summary>What nothing may show.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [Secret, ManagementKey];

    /// <summary>The management API's path of the delivery's customer.</summary>
    public static string ApiOf(Delivery delivery) => $"/api/projects/{Id}/customers/{delivery.CustomerId}";

    public static Dictionary<string, string> Settings(Uri receiver, int parallelism) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Kapso:Projects:0:Id"] = Id,
        ["Kapso:Projects:0:WebhookSecrets:0"] = Secret,
        ["Kapso:PublicUrl"] = "http://localhost",
        ["Kapso:Management:ApiKey"] = ManagementKey,
        ["Kapso:Outbox:Parallelism"] = parallelism.ToString(CultureInfo.InvariantCulture),
        ["Kapso:Outbox:Lease"] = "00:00:15", // What was being sent at the last kill is sent again after that, and the test waits for it.
        ["Kapso:Welcome:Flow"] = "callback",
        ["Kapso:Welcome:Callback:Url"] = receiver.ToString(),
        ["Kapso:Welcome:Callback:Secret"] = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
    };

    public static HttpClient Operator(Uri address)
    {
        var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ManagementKey);
        return client;
    }

    /// <summary>The answer's status; null where the service died before it answered.</summary>
    public static async Task<HttpStatusCode?> SendAsync(HttpClient client, Delivery delivery)
    {
        var body = Encoding.UTF8.GetBytes(
            $$"""{"phone_number_id":"{{delivery.PhoneNumberId}}","project":{"id":"{{Id}}"},"customer":{"id":"{{delivery.CustomerId}}"} }""");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/project/{Id}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Webhook-Event", "whatsapp.phone_number.created");
        request.Headers.Add("X-Webhook-Payload-Version", "v2");
        request.Headers.Add("X-Idempotency-Key", delivery.IdempotencyKey);
        request.Headers.Add(
            "X-Webhook-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)));
        try
        {
            using var answer = await client.SendAsync(request);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The customer's connection; null for one that is not known, or as long as nobody can tell.</summary>
    public static async Task<JsonElement?> FindAsync(HttpClient client, Delivery delivery, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(ApiOf(delivery) + "/connection", cancellationToken);
        return answer.IsSuccessStatusCode ? JsonElement.Parse(await answer.Content.ReadAsStringAsync(cancellationToken)) : null;
    }

    /// <summary>The id of the welcome, once the connection's one number is connected and welcomed; null until then.</summary>
    public static string? WelcomeDone(JsonElement connection, Delivery delivery)
    {
        var number = Assert.Single(connection.GetProperty("numbers").EnumerateArray().ToArray());
        Assert.Equal(delivery.PhoneNumberId, number.GetProperty("phone_number_id").GetString());
        Assert.Equal("connected", number.GetProperty("status").GetString());
        var welcome = number.GetProperty("welcome");
        return welcome.GetProperty("status").GetString() == "done" ? welcome.GetProperty("id").GetString() : null;
    }

    /// <summary>The items of an operator's list: <c>effects?status=held</c>, <c>parked</c>.</summary>
    public static async Task<JsonElement[]> ListAsync(HttpClient client, string list)
    {
        var page = JsonElement.Parse(await client.GetStringAsync($"/api/projects/{Id}/{list}"));
        return [.. page.GetProperty("items").EnumerateArray()];
    }
}
