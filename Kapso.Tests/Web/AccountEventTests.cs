using System.Text.Json;
using Kapso.Tests.Operators;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Web;

/// <summary>Events of an account, from the webhook to what is shown of each of its numbers.</summary>
public sealed class AccountEventTests
{
    private const string Restricted = "whatsapp.account.restricted";
    private const string Disabled = "whatsapp.account.disabled";
    private const string Other = "223456789012345";
    private const string OtherCustomer = "other-customer";
    private const string Unknown = "323456789012345";

    private static string Body(string rest, params string[] numbers) =>
        $$$"""{"id":"wae_1","occurred_at":"2026-03-01T11:00:00Z","business_account_id":"104","project":{"id":"{{{WebHost.Project}}}"},"phone_numbers":[{{{string.Join(',', numbers.Select(number => $$"""{"id":"{{number}}"}"""))}}}]{{{rest}}}}""";

    private static string RestrictedBody(params string[] numbers) =>
        Body(""","restrictions":[{"type":"SEND","expires_at":"2026-03-04T12:00:00Z"},{"type":"ADD","expires_at":"2026-03-02T12:00:00Z"}]""", numbers);

    private static FakeTimeProvider Noon() => new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static async Task<string?> OutcomeAsync(WebHost host, string body, string name, string key = "key-1")
    {
        using var response = await host.SendWebhookAsync(body, name, key);
        Assert.True(response.IsSuccessStatusCode);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("outcome").GetString();
    }

    private static async Task<JsonElement> NumberAsync(WebHost host, string customer = WebHost.Customer) =>
        (await host.ReadAsync($"{WebHost.ApiOfProject}/customers/{customer}/connection")).GetProperty("numbers")[0];

    /// <summary>A page for operators, as whoever has just signed in sees it.</summary>
    private static async Task<string> ReadOpsAsync(WebHost host, string path)
    {
        using var response = await host.OpenAsync($"/ops/{WebHost.Project}{path}", await host.GetCookieAsync());
        Assert.True(response.IsSuccessStatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task ConnectOtherAsync(WebHost host) =>
        Assert.Equal("applied", await OutcomeAsync(host, WebHost.FlatBody(Other, OtherCustomer), WebHost.Created));

    [Fact]
    public async Task An_event_reaches_every_number_that_it_names_whoever_has_it()
    {
        await using var host = await WebHost.StartAsync(time: Noon());
        await host.ConnectAsync();
        await ConnectOtherAsync(host);

        Assert.Equal("applied", await OutcomeAsync(host, RestrictedBody(WebHost.Number, Other), Restricted));
        Assert.Equal("duplicate", await OutcomeAsync(host, RestrictedBody(WebHost.Number, Other), Restricted, "key-2"));

        foreach (var customer in (string[])[WebHost.Customer, OtherCustomer])
        {
            var number = await NumberAsync(host, customer);
            Assert.Equal("connected", number.GetProperty("status").GetString());
            var attention = number.GetProperty("attention");
            Assert.Equal("restricted: SEND", attention.GetProperty("reason").GetString());
            Assert.Equal("2026-03-01T11:00:00Z", attention.GetProperty("since").GetString());
            Assert.Equal("2026-03-04T12:00:00Z", attention.GetProperty("until").GetString());
            Assert.Equal(["ADD", "SEND"], attention.GetProperty("notices").EnumerateArray().Select(notice => notice.GetProperty("type").GetString()).Order());
        }

        Assert.Equal(2, (await host.Engine.CountAsync(WebHost.Project, CancellationToken.None)).NumbersAttention);
    }

    [Fact]
    public async Task A_restriction_ends_by_itself_in_all_that_is_shown()
    {
        var time = Noon();
        await using var host = await WebHost.StartAsync(time: time);
        await host.ConnectAsync();
        await OutcomeAsync(host, RestrictedBody(WebHost.Number), Restricted);

        var page = await ReadOpsAsync(host, $"/customer?id={WebHost.Customer}");
        Assert.Contains("WhatsApp restricted the account: SEND, until 2026-03-04T12:00:00Z.", page, StringComparison.Ordinal);
        Assert.Contains(WebHost.Number, await ReadOpsAsync(host, "/numbers?mark=attention"), StringComparison.Ordinal);

        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("restricted: SEND", (await NumberAsync(host)).GetProperty("attention").GetProperty("reason").GetString());
        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(JsonValueKind.Null, (await NumberAsync(host)).GetProperty("attention").ValueKind);
        Assert.Equal(0, (await host.Engine.CountAsync(WebHost.Project, CancellationToken.None)).NumbersAttention);
        Assert.DoesNotContain(WebHost.Number, await ReadOpsAsync(host, "/numbers?mark=attention"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_said_of_a_number_that_is_not_known_waits_until_it_is_and_the_others_do_not_wait()
    {
        await using var host = await WebHost.StartAsync(limits: WebHost.Patient with { ReplayInterval = TimeSpan.FromMilliseconds(20) });
        await host.ConnectAsync();

        Assert.Equal("parked", await OutcomeAsync(host, Body("", WebHost.Number, Other, Unknown), Disabled));
        Assert.Equal("disabled", (await NumberAsync(host)).GetProperty("attention").GetProperty("reason").GetString());
        var parked = (await host.ReadAsync(WebHost.ApiOfProject + "/parked")).GetProperty("items")[0];
        Assert.Equal("unknown_customer", parked.GetProperty("reason").GetString());
        Assert.StartsWith("2 of the 3 ", parked.GetProperty("detail").GetString(), StringComparison.Ordinal);

        await ConnectOtherAsync(host);
        await WebHost.UntilAsync("the second number is told of", async () =>
            (await NumberAsync(host, OtherCustomer)).GetProperty("attention").ValueKind == JsonValueKind.Object);
        var calls = 0;
        host.Engine.Before = (method, _) =>
        {
            if (method == nameof(IConnectionEngine.ListParkedAsync))
                Interlocked.Increment(ref calls);
            return Task.CompletedTask;
        };
        await WebHost.UntilAsync("some passes are over", () => Task.FromResult(Volatile.Read(ref calls) > 3));
        var repeats = (await host.Engine.FindAsync(WebHost.Key, CancellationToken.None))!.Timeline
            .Where(line => line is { Event: Disabled, Outcome: Outcome.Duplicate }).Sum(line => line.Count);
        Assert.InRange(repeats, 1, 2);

        Assert.Equal("applied", await OutcomeAsync(host, WebHost.FlatBody(Unknown, "third"), WebHost.Created));
        await WebHost.UntilAsync("nothing is parked", async () =>
            (await host.Engine.ListParkedAsync(WebHost.Project, null, 10, CancellationToken.None)).Items.Count == 0);
        Assert.Equal("disabled", (await NumberAsync(host, "third")).GetProperty("attention").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task An_event_that_names_nobody_is_parked_and_a_test_is_not_folded()
    {
        await using var host = await WebHost.StartAsync();
        await host.ConnectAsync();

        Assert.Equal("parked", await OutcomeAsync(host, Body(""), Disabled));
        Assert.Equal("parked", await OutcomeAsync(host, Body("", Unknown), Disabled));
        Assert.Equal("test", await OutcomeAsync(host, Body(""","test":true""", WebHost.Number), Disabled));

        Assert.Equal(JsonValueKind.Null, (await NumberAsync(host)).GetProperty("attention").ValueKind);
        var details = (await host.ReadAsync(WebHost.ApiOfProject + "/parked")).GetProperty("items").EnumerateArray()
            .Select(parked => parked.GetProperty("detail").GetString()).ToList();
        Assert.Contains("It names the account 104 and none of its numbers: nothing here says whose it is.", details);
        Assert.Contains("It names no customer, and its number is not known.", details);
    }

    [Fact]
    public async Task Why_a_number_went_is_shown_to_the_company_and_in_words_to_operators()
    {
        await using var host = await WebHost.StartAsync();
        await host.ConnectAsync();
        var body = WebHost.FlatBody()[..^1]
            + ""","connection_type":"coexistence","disconnection":{"reason":"primary_inactivity","initiated_by":"system"},"source":{"event":"PARTNER_REMOVED"}}""";
        Assert.Equal("applied", await OutcomeAsync(host, body, "whatsapp.phone_number.disconnected"));

        var number = await NumberAsync(host);
        Assert.Equal("coexistence", number.GetProperty("connection_type").GetString());
        Assert.Equal(
            """{"reason":"primary_inactivity","initiated_by":"system","source_event":"PARTNER_REMOVED"}""", number.GetProperty("disconnection").GetRawText());
        Assert.Contains("By WhatsApp: primary inactivity.", await ReadOpsAsync(host, $"/customer?id={WebHost.Customer}"), StringComparison.Ordinal);
    }
}
