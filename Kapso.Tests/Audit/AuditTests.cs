using System.Net;
using System.Text.Json;
using Kapso.Tests.Operators;
using Kapso.Tests.TurnedAway;
using Kapso.Tests.Web;

namespace Kapso.Tests.Audit;

/// <summary>What the audit says of acts, and what it does to them.</summary>
public sealed class AuditTests
{
    private const string Audit = "/audit";
    private static readonly string Discard = $"/ops/{WebHost.Project}/parked/discard?id=none";

    [Fact]
    public async Task An_act_of_the_key_is_one_line_with_every_member_and_a_question_is_none()
    {
        await using var host = await WebHost.StartAsync(host: AddressFromHeader.AddTo);
        host.Client.DefaultRequestHeaders.Add(AddressFromHeader.Name, "203.0.113.77");
        host.Client.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        var state = await host.CreateStateAsync();
        await host.ReadAsync(WebHost.ApiOfCustomer + "/connection");

        var list = await host.ReadAsync(WebHost.ApiOfProject + Audit);
        var line = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal(
            "id at action by by_kind project_id customer_id target detail network trace_id outcome status count",
            string.Join(' ', line.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(
            ("redirect_urls.make", "management key", "key", WebHost.Project, WebHost.Customer, "203.0.113.0/24", "0af7651916cd43dd8448eb211c80319c", "done", 201),
            (Text(line, "action"), Text(line, "by"), Text(line, "by_kind"), Text(line, "project_id"), Text(line, "customer_id"), Text(line, "network"),
                Text(line, "trace_id"), Text(line, "outcome"), line.GetProperty("status").GetInt32()));
        Assert.StartsWith("lnk_", Text(line, "target"), StringComparison.Ordinal);
        Assert.EndsWith("Z", Text(line, "at"), StringComparison.Ordinal);
        Assert.DoesNotContain(state, list.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.77", list.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_act_of_a_person_has_their_name_and_what_is_refused_is_a_line_too()
    {
        await using var host = await WebHost.StartAsync();
        var cookie = await host.GetCookieAsync();
        using var response = await host.SendFormAsync(Discard, cookie, ("token", await host.ReadTokenAsync(cookie)));
        using var greet = await host.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfCustomer}/numbers/{WebHost.Number}/greet");
        using var change = await host.ManageAsync(HttpMethod.Patch, WebHost.ApiOfCustomer, new { contact_phone = "nothing" });
        using var set = await host.ManageAsync(HttpMethod.Patch, WebHost.ApiOfCustomer, new { contact_phone = "+15551234567" });
        using var signOut = await host.SendFormAsync("/ops/sign-out", cookie, ("token", await host.ReadTokenAsync(cookie)));

        var lines = await LinesAsync(host);
        Assert.Equal(
        [
            ("sign_out", "operator-1", null, null, "done", 303),
            ("customer.change", "management key", WebHost.Customer, null, "done", 200),
            ("customer.change", "management key", WebHost.Customer, null, "refused", 400),
            ("customer.greet", "management key", WebHost.Customer, WebHost.Number, "refused", 404),
            ("parked.discard", "operator-1", null, "none", "refused", 404),
            ("sign_in", "operator-1", null, null, "done", 303),
        ], lines.Select(line => (Text(line, "action"), Text(line, "by"), Text(line, "customer_id"), Text(line, "target"), Text(line, "outcome"), line.GetProperty("status").GetInt32())));
        Assert.Equal([null, "contact_phone set"], lines[1..3].Select(line => Text(line, "detail")).Reverse());
        Assert.Equal([null, WebHost.Project, WebHost.Project], lines.TakeLast(3).Select(line => Text(line, "project_id")).Reverse());
        Assert.DoesNotContain("15551234567", string.Concat(lines.Select(line => line.GetRawText())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_done()
    {
        await using var host = await WebHost.StartAsync();
        var cookie = await host.GetCookieAsync();
        var token = await host.ReadTokenAsync(cookie);
        host.Engine.Fail(nameof(IConnectionEngine.AppendAuditAsync));

        using var change = await host.ManageAsync(HttpMethod.Patch, WebHost.ApiOfCustomer, new { contact_phone = "+15551234567" });
        using var form = await host.SendFormAsync(Discard, cookie, ("token", token));
        using var signIn = await host.SignInAsync();
        using var export = await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}{Audit}/export");
        using var signOut = await host.SendFormAsync("/ops/sign-out", cookie, ("token", token));

        Assert.All([change, form, signIn, export, signOut], response => Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode));
        Assert.DoesNotContain(signIn.Headers, header => header.Key == "Set-Cookie" && header.Value.Any(value => value.Contains("operator=", StringComparison.Ordinal)));
        Assert.Null(await host.Engine.FindAsync(WebHost.Key, TestContext.Current.CancellationToken));
        host.Engine.Recover();
        using var page = await host.OpenAsync($"/ops/{WebHost.Project}", cookie);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task An_outcome_that_cannot_be_written_is_not_known_and_takes_nothing_back()
    {
        await using var host = await WebHost.StartAsync();
        host.Engine.Fail(nameof(IConnectionEngine.CompleteAuditAsync));
        using var change = await host.ManageAsync(HttpMethod.Patch, WebHost.ApiOfCustomer, new { contact_phone = "+15551234567" });
        Assert.Equal(HttpStatusCode.OK, change.StatusCode);
        var line = Assert.Single(await LinesAsync(host));
        Assert.Equal(("unknown", JsonValueKind.Null), (Text(line, "outcome"), line.GetProperty("status").ValueKind));
    }

    [Fact]
    public async Task What_an_engine_did_that_did_not_answer_is_not_known()
    {
        await using var host = await WebHost.StartAsync();
        host.Engine.Fail(nameof(IConnectionEngine.SetContactPhoneAsync));
        using var change = await host.ManageAsync(HttpMethod.Patch, WebHost.ApiOfCustomer, new { contact_phone = "+15551234567" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, change.StatusCode);
        var line = Assert.Single(await LinesAsync(host));
        Assert.Equal(("unknown", 503), (Text(line, "outcome"), line.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task A_request_to_a_project_that_is_not_served_and_one_with_a_foreign_form_leave_no_line()
    {
        await using var host = await WebHost.StartAsync();
        var cookie = await host.GetCookieAsync();
        using var elsewhere = await host.ManageAsync(HttpMethod.Post, "/api/projects/elsewhere/customers/customer-1/redirect_urls");
        using var foreign = await host.SendFormAsync(Discard, cookie);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (elsewhere.StatusCode, foreign.StatusCode));
        Assert.Equal(["sign_in"], (await LinesAsync(host)).Select(line => Text(line, "action")));
    }

    [Theory]
    [InlineData("action=customer.change", 2)]
    [InlineData("action=customer", 0)]
    [InlineData("by=operator-1", 1)]
    [InlineData("by=management%20key&outcome=done", 1)]
    [InlineData("customer=" + WebHost.Customer, 2)]
    [InlineData("outcome=refused", 1)]
    [InlineData("from=2020-01-01&until=2100-01-01T00:00:00Z", 3)]
    [InlineData("from=2100-01-01", 0)]
    [InlineData("until=2020-01-01T10:00", 0)]
    [InlineData("action=&by=&customer=&from=&until=&outcome=", 3)]
    public async Task The_list_has_what_is_asked_for(string query, int expected)
    {
        await using var host = await WithThreeLinesAsync();
        Assert.Equal(expected, (await LinesAsync(host, query)).Length);
    }

    [Theory]
    [InlineData("outcome=gone")]
    [InlineData("from=yesterday")]
    [InlineData("until=2026-13-01")]
    [InlineData("by=%00")]
    [InlineData("limit=0")]
    [InlineData("cursor=")]
    public async Task A_mistake_is_answered_with_a_sentence(string query)
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}{Audit}?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("must", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_follow_one_another()
    {
        await using var host = await WithThreeLinesAsync();
        var first = await host.ReadAsync($"{WebHost.ApiOfProject}{Audit}?limit=2");
        var second = await host.ReadAsync($"{WebHost.ApiOfProject}{Audit}?limit=2&cursor={first.GetProperty("next_cursor").GetString()}");
        Assert.Equal((2, 1), (first.GetProperty("items").GetArrayLength(), second.GetProperty("items").GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next_cursor").ValueKind);
    }

    /// <summary>A sign-in, a change, and one that is refused.</summary>
    internal static async Task<WebHost> WithThreeLinesAsync()
    {
        var host = await WebHost.StartAsync();
        await host.GetCookieAsync();
        using var set = await host.ManageAsync(HttpMethod.Patch, WebHost.ApiOfCustomer, new { contact_phone = "+15551234567" });
        using var wrong = await host.ManageAsync(HttpMethod.Patch, WebHost.ApiOfCustomer, new { });
        return host;
    }

    internal static async Task<JsonElement[]> LinesAsync(WebHost host, string query = "") =>
        [.. (await host.ReadAsync($"{WebHost.ApiOfProject}{Audit}?{query}")).GetProperty("items").EnumerateArray()];

    internal static string? Text(JsonElement line, string member) => line.GetProperty(member).GetString();
}
