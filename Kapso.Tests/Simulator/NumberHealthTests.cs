using System.Text.Json;
using Kapso.Platform.Api;
using Kapso.Platform.Numbers;
using Kapso.Simulator.World;
using Kapso.Tests.Operators;
using Kapso.Tests.Platform.Api;
using Kapso.Tests.Web;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Simulator;

/// <summary>Health and quality of a number: asked when a person wants to know, and told with its age or with what went wrong.</summary>
public sealed class NumberHealthTests
{
    private const string OthersRow = """{"data":{"phone_number_id":"123456789012345","customer_id":"other","status":"CONNECTED","quality_rating":"YELLOW"}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private static readonly CustomerKey Key = new(Client.Project, WebHost.Customer);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task It_is_told_with_its_quality_and_from_when_it_is()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, link) = await host.InviteAsync();
        var number = host.Platform.Connect(link.Id)!.Number!;
        host.Platform.Act(number.Id, NumberAction.Rate);
        host.Platform.Act(number.Id, NumberAction.Rate);
        using var client = new Client(host.BaseUrl, key: SimulatorHost.Key);
        var healths = new NumberHealths(client.All, _time);
        var key = new CustomerKey(Client.Project, customer);
        Assert.Null(healths.Find(key, number.Id));

        var told = await healths.AskAsync(key, number.Id, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((PlatformOutcome.Done, "degraded", "RED", "CONNECTED", null), (told!.Outcome, told.Health, told.Quality, told.PlatformStatus, told.Problem));
        Assert.Equal(["quality_rating"], told.FailedChecks);
        Assert.Equal(told, healths.Find(key, number.Id));
    }

    [Fact]
    public async Task An_answer_is_kept_for_three_minutes_and_shown_for_an_hour()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, link) = await host.InviteAsync();
        var number = host.Platform.Connect(link.Id)!.Number!;
        using var client = new Client(host.BaseUrl, key: SimulatorHost.Key);
        var (healths, key) = (new NumberHealths(client.All, _time), new CustomerKey(Client.Project, customer));
        var first = await healths.AskAsync(key, number.Id, CancellationToken.None).WaitAsync(Patience);

        _time.Advance(TimeSpan.FromSeconds(179));
        Assert.Same(first, await healths.AskAsync(key, number.Id, CancellationToken.None).WaitAsync(Patience));
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = await healths.AskAsync(key, number.Id, CancellationToken.None).WaitAsync(Patience);
        Assert.NotSame(first, second);

        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Same(second, healths.Find(key, number.Id));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(healths.Find(key, number.Id));
    }

    [Fact]
    public async Task Five_are_asked_for_in_a_second_and_sixty_in_a_minute_and_then_it_is_said_so()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(404, """{"error":"Phone number not found"}"""));
        using var client = new Client(platform.BaseUrl);
        var healths = new NumberHealths(client.All, _time);

        for (var asked = 0; asked < 60; asked++)
        {
            if (asked is > 0 && asked % 5 == 0)
            {
                Assert.Contains("Too many questions", await ProblemAsync($"more-{asked}"), StringComparison.Ordinal);
                _time.Advance(TimeSpan.FromSeconds(1));
            }

            Assert.Contains("Phone number not found", await ProblemAsync($"number-{asked}"), StringComparison.Ordinal);
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("Too many questions", await ProblemAsync("late"), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("Phone number not found", await ProblemAsync("later"), StringComparison.Ordinal);

        async Task<string> ProblemAsync(string number) => (await healths.AskAsync(Key, number, CancellationToken.None).WaitAsync(Patience))!.Problem!;
    }

    [Fact]
    public async Task Whoever_asks_at_once_shares_the_question()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Silence);
        using var client = new Client(platform.BaseUrl);
        var healths = new NumberHealths(client.All, _time);
        using var enough = new CancellationTokenSource();

        var asking = Enumerable.Range(0, 10).Select(_ => healths.AskAsync(Key, WebHost.Number, enough.Token)).ToList();
        await Wait.ForAsync(() => platform.Requests.Count == 2, "both questions to arrive");
        await enough.CancelAsync();

        foreach (var one in asking)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.Equal(2, platform.Requests.Count);
    }

    [Fact]
    public async Task Another_customers_number_is_not_told_of()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(200, OthersRow.Replace("\"data\":{", "\"data\":{\"status\":\"healthy\",", StringComparison.Ordinal)));
        using var client = new Client(platform.BaseUrl);

        var told = await new NumberHealths(client.All, _time).AskAsync(Key, WebHost.Number, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((null, null, null, "The platform lists the number as another customer's."), (told!.Health, told.Quality, told.PlatformStatus, told.Problem));
    }

    [Fact]
    public async Task The_api_tells_it_and_says_what_it_does_not_know()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        var (customer, link) = await simulator.InviteAsync();
        var number = simulator.Platform.Connect(link.Id)!.Number!;
        await using var service = await ServeAsync(simulator.BaseUrl, SimulatorHost.Key);
        (await service.SendWebhookAsync(WebHost.FlatBody(number.Id, customer))).Dispose();
        var path = $"{WebHost.ApiOfProject}/customers/{customer}/numbers/{number.Id}/health";

        var told = await service.ReadAsync(path);
        Assert.Equal(
            "phone_number_id health failed_checks quality_rating platform_status as_of problem",
            string.Join(' ', told.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(("healthy", "GREEN", "CONNECTED"), (told.GetProperty("health").GetString(), told.GetProperty("quality_rating").GetString(), told.GetProperty("platform_status").GetString()));
        Assert.EndsWith("Z", told.GetProperty("as_of").GetString(), StringComparison.Ordinal);

        using var unknown = await service.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}/customers/{customer}/numbers/1/health");
        Assert.Equal(404, (int)unknown.StatusCode);
    }

    [Theory]
    [InlineData(403, """{"error":"Health is not part of your plan"}""", 422, "Health is not part of your plan")]
    [InlineData(404, """{"error":"Phone number not found"}""", 422, "Phone number not found")]
    [InlineData(401, """{"error":"Invalid API key"}""", 422, "Check the project's ApiKey")]
    [InlineData(429, """{"error":"Slow down"}""", 503, "Slow down")]
    public async Task A_refusal_comes_in_the_platforms_words(int status, string body, int expected, string said)
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(status, body, status == 429 ? "Retry-After: 60\r\n" : ""));
        await using var service = await ServeAsync(platform.BaseUrl, Client.Key);
        await service.ConnectAsync();

        using var response = await service.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfCustomer}/numbers/{WebHost.Number}/health");
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Contains(said, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var page = await service.OpenAsync($"/ops/{WebHost.Project}/customer?id={WebHost.Customer}&health={WebHost.Number}", await service.GetCookieAsync());
        Assert.Contains(said, System.Net.WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_it_is_not_known_and_nobody_can_ask()
    {
        await using var service = await WebHost.StartAsync();
        await service.ConnectAsync();

        using var response = await service.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfCustomer}/numbers/{WebHost.Number}/health");
        Assert.Equal(409, (int)response.StatusCode);
        var page = await PageAsync(service, "");
        Assert.Contains("not known", page, StringComparison.Ordinal);
        Assert.DoesNotContain("health=", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_shows_it_with_its_age_and_asks_only_when_told_to()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(
            200, """{"status":"degraded","phone_number_id":"123456789012345","quality_rating":"YELLOW","timestamp":"2026-03-01T11:58:00Z","checks":{"name_status":{"passed":false}}}"""));
        await using var service = await ServeAsync(platform.BaseUrl, Client.Key, _time);
        await service.ConnectAsync();

        Assert.Contains("not known", await PageAsync(service, ""), StringComparison.Ordinal);
        Assert.Empty(platform.Requests);

        var page = await PageAsync(service, $"&health={WebHost.Number}");
        foreach (var shown in (string[])["degraded", "YELLOW", "name_status", "as of 2 minutes ago", "2026-03-01 11:58:00"])
            Assert.Contains(shown, page, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Contains("as of 12 minutes ago", await PageAsync(service, ""), StringComparison.Ordinal);
        Assert.Equal(2, platform.Requests.Count);
    }

    [Fact]
    public async Task A_page_does_not_wait_for_a_platform_that_does_not_answer()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Silence);
        await using var service = await ServeAsync(platform.BaseUrl, Client.Key);
        await service.ConnectAsync();

        Assert.Contains("the platform has not answered yet", await PageAsync(service, $"&health={WebHost.Number}"), StringComparison.Ordinal);
    }

    private static Task<WebHost> ServeAsync(Uri platform, string key, TimeProvider? time = null) => WebHost.StartAsync(
        options =>
        {
            options.Platform.BaseUrl = platform;
            options.Projects[0].ApiKey = key;
        },
        time: time);

    private static async Task<string> PageAsync(WebHost service, string more)
    {
        using var response = await service.OpenAsync($"/ops/{WebHost.Project}/customer?id={WebHost.Customer}{more}", await service.GetCookieAsync());
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
