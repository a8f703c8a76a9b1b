using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Kapso.AppHost.Settings;

namespace Kapso.AppHost.Commands;

/// <summary>A webhook as the platform sends it when a customer connected a number: of a new made-up customer each time.</summary>
internal static class TestConnection
{
    private static readonly HttpRequestOptionsKey<string> Customer = new("customer");

    /// <summary>Writes the body and signs it. A simulated platform has to know the number, or it would be reconciled away.</summary>
    public static async Task PrepareAsync(HttpCommandRequestContext context, KapsoSettings settings, EndpointReference? simulator)
    {
        var project = await settings.ProjectId.ValueAsync(context.CancellationToken);
        var secret = await settings.WebhookSecret.ValueAsync(context.CancellationToken);
        var customer = $"test-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var number = RandomNumberGenerator.GetString("0123456789", 15);
        if (simulator is not null)
            await AddSampleAsync(context, simulator, customer, number);
        var body = Encoding.UTF8.GetBytes(
            $$$"""{"phone_number_id":"{{{number}}}","project":{"id":"{{{project}}}"},"customer":{"id":"{{{customer}}}"}}""");

        var request = context.Request;
        request.RequestUri = new Uri(request.RequestUri!, $"/webhooks/project/{Uri.EscapeDataString(project)}");
        request.Options.Set(Customer, customer);
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.Add("traceparent", NewTrace());
        request.Headers.Add("X-Webhook-Event", "whatsapp.phone_number.created");
        request.Headers.Add("X-Webhook-Payload-Version", "v2");
        request.Headers.Add("X-Idempotency-Key", Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture));
        request.Headers.Add(
            "X-Webhook-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
    }

    // A trace of its own, and one to be kept: this process would pass its own on, which nobody records.
    private static string NewTrace() => $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01";

    private static async Task AddSampleAsync(
        HttpCommandRequestContext context, EndpointReference simulator, string customer, string number)
    {
        using var answer = await context.HttpClient.PostAsJsonAsync(
            new Uri(new Uri(simulator.Url), "/api/samples"), new { customer_id = customer, phone_number_id = number }, context.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Shows what became of the customer.</summary>
    public static async Task<ExecuteCommandResult> ShowAsync(HttpCommandResultContext context, KapsoSettings settings)
    {
        if (!context.Response.IsSuccessStatusCode || !context.Response.RequestMessage!.Options.TryGetValue(Customer, out var customer))
            return await context.Response.ShowAsync("The webhook", context.CancellationToken);

        using var connection = await context.CallAsync(HttpMethod.Get, $"customers/{customer}/connection", settings);
        return await connection.ShowAsync($"Customer {customer}", context.CancellationToken);
    }
}
