using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kapso.Tests.Platform;

namespace Kapso.Tests.Hosting;

[Collection(RunsAlone.Name)]
public sealed class TraceTests
{
    private const string Secret = "synthetic-webhook-secret";
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string Body = """{"phone_number_id":"123456789012345","project":{"id":"project-1"},"customer":{"id":"customer-1"}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_welcome_belongs_to_the_trace_of_the_webhook()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = Receiver.AnsweringStatus(200);
        await using var host = Start(folder, receiver.Url);

        await SendWebhookAsync(await host.AddressAsync());
        await receiver.FirstRequest.Task.WaitAsync(Patience);

        AssertInTrace(receiver);
    }

    [Fact]
    public async Task The_welcome_belongs_to_the_trace_of_the_webhook_after_a_crash_as_well()
    {
        using var folder = new TemporaryFolder();
        await using (var hanging = Receiver.Hanging())
        await using (var host = Start(folder, hanging.Url))
        {
            await SendWebhookAsync(await host.AddressAsync());
            await hanging.FirstRequest.Task.WaitAsync(Patience);
        } // killed while the receiver thinks

        await using var receiver = Receiver.AnsweringStatus(200);
        await using var again = Start(folder, receiver.Url);
        await receiver.FirstRequest.Task.WaitAsync(Patience);

        AssertInTrace(receiver);
    }

    [Fact]
    public async Task Webhook_decision_and_send_are_exported_as_one_trace()
    {
        using var folder = new TemporaryFolder();
        await using var collector = await Collector.StartAsync();
        await using var receiver = Receiver.AnsweringStatus(200);
        await using var host = Start(
            folder, receiver.Url, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));

        await SendWebhookAsync(await host.AddressAsync());
        await receiver.FirstRequest.Task.WaitAsync(Patience);
        Assert.Equal(0, await host.StopAsync()); // a stop finishes what is in flight, and exports the rest

        var spans = string.Concat(collector.Exported.Where(message => message.Path == "/v1/traces").Select(message => message.Body));
        Assert.Contains("kapso.observe", spans, StringComparison.Ordinal);
        Assert.Contains("kapso.effect", spans, StringComparison.Ordinal);
        var traceId = Encoding.Latin1.GetString(Convert.FromHexString(TraceParent.Split('-')[1]));
        Assert.True(spans.Split(traceId).Length > 4, "Four spans were expected in the trace: request, decision, effect and send.");
        AssertInTrace(receiver);
    }

    private static HostProcess Start(TemporaryFolder folder, Uri receiver, params (string, string)[] more) => HostProcess.Start(
        folder.Path,
        "Development",
        [
            .. more,
            ("Kapso__Projects__0__Id", "project-1"),
            ("Kapso__Projects__0__WebhookSecrets__0", Secret),
            ("Kapso__Welcome__Flow", "callback"),
            ("Kapso__Welcome__Callback__Url", receiver.AbsoluteUri),
            ("Kapso__Welcome__Callback__Secret", Runners.Secret),
            ("Kapso__Welcome__Callback__Timeout", "00:00:30"),
        ]);

    private static void AssertInTrace(Receiver receiver)
    {
        Assert.True(receiver.Requests.TryPeek(out var request));
        Assert.True(request.Headers.TryGetValue("traceparent", out var sent), "The welcome was expected to carry a traceparent.");
        Assert.Equal(ActivityContext.Parse(TraceParent, null).TraceId, ActivityContext.Parse(sent, null).TraceId);
    }

    private static async Task SendWebhookAsync(Uri address)
    {
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(Body));
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/webhooks/project/project-1"))
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("traceparent", TraceParent);
        request.Headers.Add("X-Webhook-Event", "whatsapp.phone_number.created");
        request.Headers.Add("X-Webhook-Signature", Convert.ToHexString(signature));
        request.Headers.Add("X-Idempotency-Key", Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture));

        using var response = await client.SendAsync(request);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
