using System.Net;
using System.Text.Json;
using Kapso.Tests.Operators;

namespace Kapso.Tests.Web;

/// <summary>Names and tags that the company gives, on its surface and on its operators' pages.</summary>
public sealed class CustomerTagTests
{
    private static readonly string Names = $"/ops/{WebHost.Project}/customer/names?id={WebHost.Customer}";

    [Fact]
    public async Task What_is_given_is_in_the_answer_in_rows_and_found()
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.ManageAsync(
            HttpMethod.Patch, WebHost.ApiOfCustomer, new { external_id = "own/1", name = "Maria", tags = new { plan = "pro", Region = "eu" } });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertGiven((await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)));
        AssertGiven(await host.ReadAsync(WebHost.ApiOfCustomer + "/connection"));

        foreach (var query in (string[])["?tag=plan:pro", "?tag=plan%3Apro&tag=Region:eu", "?external_id=own%2F1&tag=plan:pro", "?query=mar&tag=plan:pro", "?status=none&tag=plan:pro"])
            AssertGiven(Assert.Single(await RowsAsync(host, query)));
        foreach (var query in (string[])["?tag=plan:free", "?tag=plan:pro&tag=region:eu", "?tag=plan:pro&status=connected", "?tag=plan:pro&query=ana"])
            Assert.Empty(await RowsAsync(host, query));
    }

    [Fact]
    public async Task What_is_left_out_stays_and_null_takes_away()
    {
        await using var host = await WebHost.StartAsync();
        await ChangeAsync(host, """{"external_id":"own/1","name":"Maria","tags":{"plan":"pro","region":"eu"}}""");

        Assert.Equal("""{"region":"eu","tier":"a:b"}""", (await ChangeAsync(host, """{"tags":{"plan":null,"tier":"a:b"}}""")).GetProperty("tags").GetRawText());
        Assert.Equal(JsonValueKind.Null, (await ChangeAsync(host, """{"name":null}""")).GetProperty("name").ValueKind);
        var bare = await ChangeAsync(host, """{"tags":null,"contact_phone":"+15551234567"}""");
        Assert.Equal(("{}", "own/1", "+15551234567"),
            (bare.GetProperty("tags").GetRawText(), bare.GetProperty("external_id").GetString(), bare.GetProperty("contact_phone").GetString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"tag":{"plan":"pro"}}""")]
    [InlineData("""{"tags":["plan:pro"]}""")]
    [InlineData("""{"tags":"plan:pro"}""")]
    [InlineData("""{"tags":{"plan":1}}""")]
    [InlineData("""{"tags":{"pl:an":"pro"}}""")]
    [InlineData("""{"tags":{"":"pro"}}""")]
    [InlineData("""{"tags":{"plan":""}}""")]
    [InlineData("""{"tags":{"plan":" pro"}}""")]
    [InlineData("""{"tags":{"plan":"p\nro"}}""")]
    [InlineData("""{"tags":{"123456789012345678901234567890123":"pro"}}""")]
    [InlineData("""{"tags":{"plan":"12345678901234567890123456789012345678901234567890123456789012345"}}""")]
    [InlineData("""{"external_id":""}""")]
    [InlineData("""{"external_id":1}""")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"\u200f"}""")]
    [InlineData("""{"tags":{"plan":"pro"},"contact_phone":"12"}""")]
    public async Task A_change_that_is_none_gets_400_and_changes_nothing(string body)
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.ManageAsync(HttpMethod.Patch, WebHost.ApiOfCustomer, JsonDocument.Parse(body).RootElement);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(await host.Engine.FindAsync(WebHost.Key, CancellationToken.None));
    }

    [Fact]
    public async Task Too_many_tags_get_409_and_change_nothing()
    {
        await using var host = await WebHost.StartAsync();
        await ChangeAsync(host, JsonSerializer.Serialize(new { tags = Enumerable.Range(0, 20).ToDictionary(i => $"k{i}", _ => "v") }));
        using var response = await host.ManageAsync(HttpMethod.Patch, WebHost.ApiOfCustomer, new { tags = new { one = "more" }, name = "Maria" });
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("at most 20 tags", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Null((await host.Engine.FindAsync(WebHost.Key, CancellationToken.None))!.GivenName);
    }

    [Theory]
    [InlineData("connections?tag=plan")]
    [InlineData("connections?tag=")]
    [InlineData("connections?tag=a:1&tag=b:2&tag=c:3&tag=d:4&tag=e:5&tag=f:6")]
    [InlineData("effects?tag=plan")]
    [InlineData("effects?tag=a:1&tag=b:2&tag=c:3&tag=d:4&tag=e:5&tag=f:6")]
    public async Task A_list_by_what_is_no_tag_gets_400(string list)
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}/{list}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("key:value", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Effects_that_wait_for_a_person_are_listed_by_tags_in_answers_and_on_pages()
    {
        await using var host = await WebHost.StartAsync(runner: new RefusedWelcomes());
        await host.ConnectAsync();
        await ChangeAsync(host, """{"tags":{"plan":"pro","region":"eu"}}""");
        await WebHost.UntilAsync("the welcome is dead", async () => await CountAsync("") == 1);

        Assert.Equal(1, await CountAsync("&tag=plan:pro&tag=region:eu"));
        Assert.Equal(0, await CountAsync("&tag=plan:pro&tag=region:us"));
        var cookie = await host.GetCookieAsync();
        foreach (var (tag, isFound) in new[] { ("", true), ("plan:pro", true), ("plan:free", false) })
        {
            var page = await ReadAsync(host, $"/ops/{WebHost.Project}/effects?status=dead&tag={tag}", cookie);
            Assert.Equal(isFound, page.Contains(WebHost.Customer, StringComparison.Ordinal));
        }

        async Task<int> CountAsync(string tags) =>
            (await host.ReadAsync($"{WebHost.ApiOfProject}/effects?status=dead{tags}")).GetProperty("items").GetArrayLength();
    }

    [Theory]
    [InlineData("effects?status=dead")]
    [InlineData("numbers?mark=refused")]
    public async Task A_page_by_what_is_no_tag_says_so_and_keeps_what_was_asked_for(string list)
    {
        await using var host = await WebHost.StartAsync();
        var cookie = await host.GetCookieAsync();
        var page = await ReadAsync(host, $"/ops/{WebHost.Project}/{list}&tag=plan", cookie, HttpStatusCode.BadRequest);
        Assert.Contains("key:value, as in plan:pro", page, StringComparison.Ordinal);
        Assert.Contains("value=\"plan\"", page, StringComparison.Ordinal);
        Assert.Contains($"value=\"{list.Split('=')[1]}\"", page, StringComparison.Ordinal);
        Assert.Contains("None.", await ReadAsync(host, $"/ops/{WebHost.Project}/{list}&tag=plan:pro", cookie), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_changes_names_and_tags_and_searches_by_them()
    {
        await using var host = await WebHost.StartAsync();
        await host.ConnectAsync();
        var cookie = await host.GetCookieAsync();
        var token = await host.ReadTokenAsync(cookie);

        using var kept = await host.SendFormAsync(
            Names, cookie, ("token", token), ("external_id", "own/1"), ("name", "Maria"), ("tags", "plan:pro\r\n\r\n region:<eu> \r\n"));
        Assert.Equal(HttpStatusCode.SeeOther, kept.StatusCode);
        var connection = (await host.Engine.FindAsync(WebHost.Key, CancellationToken.None))!;
        Assert.Equal(["plan:pro", "region:<eu>"], connection.Tags!.All);
        Assert.Equal("operator-1", connection.Timeline[^1].By);

        var page = await ReadAsync(host, kept.Headers.Location!.ToString(), cookie);
        Assert.Contains("Names and tags are kept.", page, StringComparison.Ordinal);
        Assert.Contains("customers?tag=region%3A%3Ceu%3E", page, StringComparison.Ordinal);
        foreach (var (query, isFound) in new[] { ("plan:pro", true), ("plan:free", false) })
            Assert.Equal(isFound, (await ReadAsync(host, $"/ops/{WebHost.Project}/customers?tag={query}", cookie)).Contains(WebHost.Customer, StringComparison.Ordinal));
        Assert.Contains("key:value", await ReadAsync(host, $"/ops/{WebHost.Project}/customers?tag=plan", cookie, HttpStatusCode.BadRequest), StringComparison.Ordinal);

        using var emptied = await host.SendFormAsync(Names, cookie, ("token", token), ("external_id", ""), ("name", "Maria"), ("tags", ""));
        Assert.Equal(HttpStatusCode.SeeOther, emptied.StatusCode);
        Assert.Equal(new CustomerNames(null, "Maria"), (await host.Engine.FindAsync(WebHost.Key, CancellationToken.None))!.Names);
    }

    [Theory]
    [InlineData("plan", "“plan” is no tag")]
    [InlineData("plan:a\nplan:b", "“plan” is there twice")]
    public async Task A_form_with_what_is_no_tag_is_shown_again_as_it_was(string tags, string said)
    {
        await using var host = await WebHost.StartAsync();
        await host.ConnectAsync();
        var cookie = await host.GetCookieAsync();
        using var response = await host.SendFormAsync(
            Names, cookie, ("token", await host.ReadTokenAsync(cookie)), ("external_id", "own/1"), ("name", ""), ("tags", tags));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains(said, html, StringComparison.Ordinal);
        Assert.Contains($">{tags}</textarea>", html, StringComparison.Ordinal);
        Assert.Contains("own/1", html, StringComparison.Ordinal);
        Assert.Null((await host.Engine.FindAsync(WebHost.Key, CancellationToken.None))!.Names);
    }

    private static void AssertGiven(JsonElement customer)
    {
        Assert.Equal(("own/1", "Maria"), (customer.GetProperty("external_id").GetString(), customer.GetProperty("name").GetString()));
        Assert.Equal("""{"Region":"eu","plan":"pro"}""", customer.GetProperty("tags").GetRawText());
    }

    private static async Task<List<JsonElement>> RowsAsync(WebHost host, string query) =>
        [.. (await host.ReadAsync($"{WebHost.ApiOfProject}/connections{query}")).GetProperty("items").EnumerateArray()];

    private static async Task<JsonElement> ChangeAsync(WebHost host, string body)
    {
        using var response = await host.ManageAsync(HttpMethod.Patch, WebHost.ApiOfCustomer, JsonDocument.Parse(body).RootElement);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private static async Task<string> ReadAsync(WebHost host, string path, string cookie, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await host.OpenAsync(path, cookie);
        Assert.Equal(expected, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private sealed class RefusedWelcomes : IEffectRunner
    {
        public EffectKind Kind => EffectKind.Welcome;

        public Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken) =>
            Task.FromResult(EffectResult.Dead("Refused."));
    }
}
