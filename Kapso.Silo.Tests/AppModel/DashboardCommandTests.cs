using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Testing;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>What the dashboard can do with the running service, done by the dashboard's own means.</summary>
[Collection(DashboardApplication.Collection)]
public sealed class DashboardCommandTests(DashboardApplication application) : IDisposable
{
    private const string OfProject = $"/api/projects/{RunningApplication.Project}";

    private readonly CancellationTokenSource _patience = new(RunningApplication.Patience);
    private readonly HttpClient _api = application.Running.CreateOperator();

    public void Dispose()
    {
        _patience.Dispose();
        _api.Dispose();
    }

    [Fact]
    public async Task A_welcome_that_was_sent_and_not_answered_is_held_and_shown()
    {
        var connection = await ShowAsync("test-connection");
        var customer = connection.GetProperty("customer_id").GetString()!;
        using var simulator = application.Running.CreateHttpClient("simulator", "http");
        using (var faults = await simulator.PutAsJsonAsync("/api/faults", new { lost_answer = 1 }, _patience.Token))
            faults.EnsureSuccessStatusCode();

        // Its welcome died for want of a recipient; now there is one, and the platform takes the message and says nothing.
        using (var patch = await _api.PatchAsJsonAsync($"{OfProject}/customers/{customer}", new { contact_phone = "+15550100" }, _patience.Token))
            patch.EnsureSuccessStatusCode();
        JsonElement[] held;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), _patience.Token);
            held = [.. (await ShowAsync("held-effects")).GetProperty("items").EnumerateArray()];
        }
        while (held.Length == 0);

        using (var faults = await simulator.PutAsJsonAsync("/api/faults", new { }, _patience.Token))
            faults.EnsureSuccessStatusCode();
        var effect = Assert.Single(held);
        Assert.Equal((customer, "welcome", "held"), (Text(effect, "customer_id"), Text(effect, "kind"), Text(effect, "status")));
        Assert.Equal("1 held.", (await application.Running.RunAsync("held-effects", _patience.Token)).Message);
    }

    [Fact]
    public async Task Reconcile_now_shows_how_the_pass_ended()
    {
        var before = (await _api.GetFromJsonAsync<JsonElement>($"{OfProject}/reconciliation", _patience.Token)).GetProperty("last");

        var now = await ShowAsync("reconcile");

        var last = now.GetProperty("last");
        Assert.False(now.GetProperty("full_wanted").GetBoolean());
        Assert.Equal((true, "management key"), (last.GetProperty("full").GetBoolean(), Text(last, "asked_by")));
        Assert.NotEqual(JsonValueKind.Object == before.ValueKind ? Text(before, "id") : null, Text(last, "id"));
        Assert.True(last.GetProperty("counts").GetProperty("listed").GetInt32() > 0, "The simulated platform has numbers.");
    }

    [Fact]
    public async Task Replay_parked_deliveries_folds_in_what_it_can_and_says_why_the_rest_remains()
    {
        await SendAsync("{");

        // The service looks every half a minute itself for parked deliveries whose customers became known: where it comes
        // first, another one is made.
        JsonElement shown;
        do
        {
            var number = RandomNumberGenerator.GetString("0123456789", 15);
            Assert.Equal("parked", await SendAsync(Body(number, customer: null)));
            Assert.NotEqual("parked", await SendAsync(Body(number, "customer-of-" + number)));
            shown = await ShowAsync("replay-parked");
        }
        while (shown.GetProperty("replayed").GetInt32() == 0);

        var remains = Assert.Single(shown.GetProperty("remain").EnumerateArray());
        Assert.Equal(("malformed", 1), (Text(remains, "reason"), remains.GetProperty("deliveries").GetInt32()));
        Assert.Contains("It can only be discarded.", Text(remains, "why"), StringComparison.Ordinal);
        Assert.Equal("0 folded in, 1 remain.", (await application.Running.RunAsync("replay-parked", _patience.Token)).Message);
        var waiting = (await _api.GetFromJsonAsync<JsonElement>($"{OfProject}/parked", _patience.Token)).GetProperty("items");
        Assert.Equal("malformed", Text(Assert.Single(waiting.EnumerateArray()), "reason"));
    }

    private static string Body(string number, string? customer) => customer is null
        ? $$$"""{"phone_number_id":"{{{number}}}","project":{"id":"{{{RunningApplication.Project}}}"}}"""
        : $$$"""{"phone_number_id":"{{{number}}}","project":{"id":"{{{RunningApplication.Project}}}"},"customer":{"id":"{{{customer}}}"}}""";

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();

    /// <summary>What a command shows; fails where the command does.</summary>
    private async Task<JsonElement> ShowAsync(string command)
    {
        var result = await application.Running.RunAsync(command, _patience.Token);
        Assert.True(result.Success, $"{command}: {result.Message} {result.Data?.Value}");
        return JsonElement.Parse(result.Data!.Value);
    }

    /// <summary>Sends a signed webhook; returns its outcome.</summary>
    private async Task<string?> SendAsync(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/project/{RunningApplication.Project}")
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Webhook-Event", "whatsapp.phone_number.created");
        request.Headers.Add(
            "X-Webhook-Signature",
            Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(RunningApplication.WebhookSecret), body)));
        using var answer = await _api.SendAsync(request, _patience.Token);
        return Text(await answer.Content.ReadFromJsonAsync<JsonElement>(_patience.Token), "outcome");
    }
}
