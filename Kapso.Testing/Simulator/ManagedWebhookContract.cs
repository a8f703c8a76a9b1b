using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kapso.Simulator.World;
using Kapso.Testing.Processes;

namespace Kapso.Testing.Simulator;

/// <summary>A project of which the service knows an id, a key and its own address, on whatever engine it runs.</summary>
public abstract class ManagedWebhookContract
{
    private const string ManagementKey = "management-key-of-managed-webhooks";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Starts the service with these settings, at an address that is free.</summary>
    /// <returns>What ends it.</returns>
    protected abstract Task<IAsyncDisposable> ServeAsync(Uri address, Dictionary<string, string> settings, CancellationToken cancellationToken);

    [Fact]
    public async Task Id_key_and_address_are_enough_and_the_webhook_is_kept_well()
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var simulator = await SimulatorHost.StartAsync(options => options.Seed = null, time: TimeProvider.System);
        var (platform, address) = (simulator.Platform, new Uri($"http://127.0.0.1:{LoopbackPort.Free()}"));
        await using var service = await ServeAsync(
            address,
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["Kapso:Projects:0:Id"] = platform.ProjectId,
                ["Kapso:Projects:0:ApiKey"] = SimulatorHost.Key,
                ["Kapso:Projects:0:Webhook"] = "managed",
                ["Kapso:Platform:BaseUrl"] = simulator.BaseUrl.AbsoluteUri,
                ["Kapso:PublicUrl"] = address.AbsoluteUri,
                ["Kapso:Management:ApiKey"] = ManagementKey,
            },
            patience.Token);
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ManagementKey);
        var project = $"/api/projects/{platform.ProjectId}";

        // Made, and what it tells is taken.
        await Wait.ForAsync(() => platform.Webhooks() is [{ Active: true }], "the webhook to be made");
        var made = Assert.Single(platform.Webhooks());
        Assert.Equal(new Uri(address, $"/webhooks/project/{platform.ProjectId}"), made.Url);
        await AssertConnectsAsync();

        // Tested by the platform's own test delivery.
        using (var tested = await http.PostAsync(new Uri(project + "/webhook/test", UriKind.Relative), null, patience.Token))
        {
            var found = JsonElement.Parse(await tested.Content.ReadAsStringAsync(patience.Token));
            Assert.True(found.GetProperty("passed").GetBoolean(), found.GetRawText());
            Assert.Equal(
                ["api_key holds", "clock holds", "webhook holds", "reachable holds", "signature holds", "event holds"],
                found.GetProperty("steps").EnumerateArray().Select(step => $"{step.Text("step")} {step.Text("state")}"));
        }

        // A new secret: both are taken for some minutes, a third never.
        using (var rotated = await http.PostAsync(new Uri(project + "/webhook/rotate", UriKind.Relative), null, patience.Token))
            Assert.True(rotated.IsSuccessStatusCode, await rotated.Content.ReadAsStringAsync(patience.Token));
        var fresh = platform.FindWebhook(made.Id)!.Secret!;
        Assert.NotEqual(made.Secret, fresh);
        Assert.Equal((200, 200, 401), (await SendAsync(fresh), await SendAsync(made.Secret!), await SendAsync("a third")));
        await AssertConnectsAsync();

        // Paused: enabled after a test delivery came, and not again within the hour.
        await ReconcilePausedAsync(() => Task.FromResult(platform.FindWebhook(made.Id)!.Active), "the webhook to be enabled");
        await ReconcilePausedAsync(async () => await AlarmAsync() is { } detail && detail.Contains("is paused again", StringComparison.Ordinal), "the alarm");
        Assert.False(platform.FindWebhook(made.Id)!.Active);
        Assert.Single(platform.Webhooks());

        // Who did it.
        var lines = JsonElement.Parse(await http.GetStringAsync(project + "/audit?action=webhook.keep", patience.Token)).GetProperty("items").EnumerateArray().ToList();
        Assert.All(lines, line => Assert.Equal(("service", made.Id), (line.Text("by"), line.Text("target"))));
        Assert.Equal(["enabled after a pause", "created"], lines.Select(line => line.Text("detail")));

        async Task AssertConnectsAsync()
        {
            var customer = platform.CreateCustomer("By webhook", null)!.Id;
            platform.ConnectDirectly(customer);
            await Wait.ForAsync(
                async () =>
                {
                    using var answer = await http.GetAsync($"{project}/customers/{customer}/connection", patience.Token);
                    return answer.IsSuccessStatusCode && JsonElement.Parse(await answer.Content.ReadAsStringAsync(patience.Token)) is var connection
                        && connection.GetProperty("timeline").EnumerateArray().Any(entry => entry.Text("source") == "webhook");
                },
                "the customer's webhook to be taken");
        }

        async Task<int> SendAsync(string secret)
        {
            var body = Encoding.UTF8.GetBytes("""{"test":true,"test_timestamp":"2026-03-01T12:00:00Z"}""");
            using var delivery = new HttpRequestMessage(HttpMethod.Post, made.Url) { Content = new ByteArrayContent(body) };
            delivery.Headers.Add("X-Webhook-Event", Events.Created);
            delivery.Headers.Add("X-Idempotency-Key", Guid.NewGuid().ToString());
            delivery.Headers.Add("X-Webhook-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
            using var answer = await http.SendAsync(delivery, patience.Token);
            return (int)answer.StatusCode;
        }

        async Task ReconcilePausedAsync(Func<Task<bool>> isDone, string what)
        {
            // A pass that has looked at the webhook already would be taken for the one that is asked for.
            await Wait.ForAsync(async () => await StandingAsync() is var standing && standing.GetProperty("running").ValueKind == JsonValueKind.Null, "the pass before to end");
            platform.ChangeWebhook(made.Id, webhook => webhook with { Active = false });
            using var asked = await http.PostAsync(new Uri(project + "/reconcile", UriKind.Relative), null, patience.Token);
            Assert.Equal(System.Net.HttpStatusCode.Accepted, asked.StatusCode);
            await Wait.ForAsync(isDone, what);
        }

        async Task<JsonElement> StandingAsync() => JsonElement.Parse(await http.GetStringAsync(project + "/reconciliation", patience.Token));

        async Task<string?> AlarmAsync() => (await StandingAsync()).GetProperty("alarms").EnumerateArray().Where(alarm => alarm.Text("kind") == "webhook_not_kept").Select(alarm => alarm.Text("detail")).FirstOrDefault();
    }
}
