using System.Net.Http.Headers;
using System.Text.Json;
using Kapso.Connections.Webhooks;
using Kapso.Tests.Operators;

namespace Kapso.Tests.Web;

/// <summary>What the company and its operators get.</summary>
public sealed class ManagementTests
{
    private const string Connection = "/connection";

    [Fact]
    public async Task A_connection_has_every_member_of_its_shape()
    {
        await using var host = await WebHost.StartAsync();
        using var created = await host.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfCustomer}/redirect_urls");
        (await host.SendWebhookAsync(WebHost.FlatBody())).Dispose();

        var connection = await host.ReadAsync(WebHost.ApiOfCustomer + Connection);

        Assert.Equal("project_id customer_id external_id name tags status sequence contact_phone numbers setup_links timeline", Members(connection));
        var number = Assert.Single(connection.GetProperty("numbers").EnumerateArray());
        Assert.Equal(
            "phone_number_id status adopted returned same_phone_as unconfirmed disputed kind platform_status display_phone_number business_account_id name verified_name details_proven "
            + "sources connected_at gone_at reconnect_at connection_type disconnection attention welcome",
            Members(number));
        Assert.Equal(JsonValueKind.Null, number.GetProperty("gone_at").ValueKind);
        Assert.Equal("connected", number.GetProperty("status").GetString());
        Assert.EndsWith("Z", number.GetProperty("connected_at").GetString(), StringComparison.Ordinal);
        Assert.Equal("webhook", Assert.Single(number.GetProperty("sources").EnumerateArray()).GetString());
        Assert.Equal("id status attempts last_error lapsed_at", Members(number.GetProperty("welcome")));
        Assert.Single(connection.GetProperty("setup_links").EnumerateArray());
        var line = connection.GetProperty("timeline").EnumerateArray()
            .First(entry => entry.GetProperty("event").GetString() == WebHost.Created);
        Assert.Equal("at last_at count source event outcome delivery_id detail by", Members(line));
        Assert.Equal(("webhook", "applied", "key-1"), (
            line.GetProperty("source").GetString(), line.GetProperty("outcome").GetString(), line.GetProperty("delivery_id").GetString()));
    }

    [Theory]
    [InlineData($"/api/projects/{WebHost.Project}/customers/nobody/connection")]
    [InlineData("/api/projects/no-such-project/connections")]
    [InlineData($"/api/projects/{WebHost.Project}/parked/nothing")]
    public async Task What_is_not_there_gets_404_as_problem_details(string path)
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.ManageAsync(HttpMethod.Get, path);

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Basic " + WebHost.ManagementKey)]
    [InlineData("Bearer " + WebHost.ManagementKey + "x")]
    public async Task Without_the_key_everything_gets_401_and_says_how(string? authorization)
    {
        await using var host = await WebHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, WebHost.ApiOfCustomer + Connection);
        if (authorization is not null)
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Wrong_keys_are_slowed_down_and_the_right_one_always_works()
    {
        await using var host = await WebHost.StartAsync();
        var answers = new List<int>();
        while (answers.Count < 10 || (answers.Count < 30 && !answers.Contains(429)))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, WebHost.ApiOfProject + "/connections");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", $"guess-{answers.Count}");
            using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            answers.Add((int)response.StatusCode);
            Assert.Equal(answers[^1] == 429 ? TimeSpan.FromMinutes(1) : null, response.Headers.RetryAfter?.Delta);
        }

        Assert.All(answers[..10], status => Assert.Equal(401, status));
        Assert.Equal(429, answers[^1]);
        await host.ReadAsync(WebHost.ApiOfProject + "/connections");
    }

    [Theory]
    [InlineData("connections?limit=0")]
    [InlineData("connections?limit=1001")]
    [InlineData("connections?limit=ten")]
    [InlineData("connections?status=nonsense")]
    [InlineData("connections?status=1")]
    [InlineData("connections?cursor=")]
    [InlineData("connections?query=%00")]
    [InlineData("effects?status=done")]
    [InlineData("parked?limit=-1")]
    public async Task A_bad_parameter_gets_400(string path)
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}/{path}");

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Lists_are_read_page_by_page_without_a_gap_or_a_repeat()
    {
        await using var host = await WebHost.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            (await host.SendWebhookAsync(WebHost.FlatBody($"12345678901234{i}", $"customer-{i}"))).Dispose();
            (await host.SendWebhookAsync("{", key: $"bad-{i}")).Dispose();
        }

        foreach (var (list, member) in new[] { ("connections", "customer_id"), ("parked", "id") })
        {
            var seen = new List<string>();
            for (string? cursor = ""; cursor is not null;)
            {
                var from = cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
                var page = await host.ReadAsync($"{WebHost.ApiOfProject}/{list}?limit=2{from}");
                seen.AddRange(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty(member).GetString()!));
                cursor = page.GetProperty("next_cursor").GetString();
            }

            Assert.Equal(5, seen.Distinct().Count());
            Assert.Equal(5, seen.Count);
        }
    }

    [Fact]
    public async Task A_number_that_came_back_unknown_is_greeted_once_and_only_where_it_is_known_and_connected()
    {
        var runner = new Scripted();
        await using var host = await WebHost.StartAsync(runner: runner);
        (await host.SendWebhookAsync(WebHost.FlatBody("123456789012345"), WebhookEvents.Reconnected)).Dispose();
        var greet = $"{WebHost.ApiOfCustomer}/numbers/123456789012345/greet";
        var number = Assert.Single((await host.ReadAsync(WebHost.ApiOfCustomer + Connection)).GetProperty("numbers").EnumerateArray());
        Assert.Equal((true, true), (number.GetProperty("adopted").GetBoolean(), number.GetProperty("returned").GetBoolean()));

        using var unknown = await host.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfCustomer}/numbers/1/greet");
        Assert.Equal(404, (int)unknown.StatusCode);
        foreach (var isFirst in (bool[])[true, false])
        {
            using var greeted = await host.ManageAsync(HttpMethod.Post, greet);
            var answer = JsonElement.Parse(await greeted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal((200, isFirst), ((int)greeted.StatusCode, answer.GetProperty("changed").GetBoolean()));
        }

        await WebHost.UntilAsync("the welcome is done", async () => (await WelcomeAsync(host)).Item2 == "done");
        Assert.Single(runner.Ids);
    }

    [Fact]
    public async Task A_sandbox_number_is_shown_as_such_and_cannot_be_greeted_and_it_is_said_why()
    {
        await using var host = await WebHost.StartAsync();
        var row = new Observation
        {
            Kind = ObservationKind.ApiConnected,
            Source = Source.Api,
            Event = "api.reconcile",
            PhoneNumberId = WebHost.Number,
            ReceivedAt = DateTimeOffset.UtcNow,
            NumberKind = "sandbox",
        };
        await host.Engine.ObserveAsync(WebHost.Key, row, CancellationToken.None);

        var connection = await host.ReadAsync(WebHost.ApiOfCustomer + Connection);
        var number = Assert.Single(connection.GetProperty("numbers").EnumerateArray());
        Assert.Equal(("sandbox", "CONNECTED"), (number.GetProperty("kind").GetString(), number.GetProperty("platform_status").GetString()));
        Assert.Equal(JsonValueKind.Null, number.GetProperty("welcome").ValueKind);
        Assert.Contains("sandbox number", connection.GetProperty("timeline")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var greeted = await host.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfCustomer}/numbers/{WebHost.Number}/greet");
        var problem = JsonElement.Parse(await greeted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(409, (int)greeted.StatusCode);
        Assert.Contains("sandbox number", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var page = await host.OpenAsync($"/ops/{WebHost.Project}/customer?id={WebHost.Customer}", await host.GetCookieAsync());
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("none: a sandbox number", html, StringComparison.Ordinal);
        Assert.DoesNotContain("/customer/greet", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_the_platform_has_as_pending_is_shown_so()
    {
        await using var host = await WebHost.StartAsync();
        await host.ConnectAsync();
        await host.Engine.ObserveAsync(
            WebHost.Key,
            new Observation
            {
                Kind = ObservationKind.ApiUnconfirmed,
                Finding = RowFinding.OtherStatus,
                PlatformStatus = "PENDING",
                Source = Source.Api,
                Event = "api.confirm",
                PhoneNumberId = WebHost.Number,
                ReceivedAt = DateTimeOffset.UtcNow,
            },
            CancellationToken.None);

        var connection = await host.ReadAsync(WebHost.ApiOfCustomer + Connection);
        Assert.Equal("PENDING", connection.GetProperty("numbers")[0].GetProperty("platform_status").GetString());
        Assert.Contains(connection.GetProperty("timeline").EnumerateArray(), line => line.GetProperty("detail").GetString() == "The platform lists the number as PENDING.");
        using var page = await host.OpenAsync($"/ops/{WebHost.Project}/customer?id={WebHost.Customer}", await host.GetCookieAsync());
        Assert.Contains(">PENDING</span>", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_urls_have_a_state_that_works_and_is_never_shown()
    {
        await using var host = await WebHost.StartAsync();
        using var created = await host.ManageAsync(
            HttpMethod.Post, $"{WebHost.ApiOfCustomer}/redirect_urls", new { setup_link_id = "link-1" });
        Assert.Equal(201, (int)created.StatusCode);
        var urls = JsonElement.Parse(await created.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var success = new Uri(urls.GetProperty("success_redirect_url").GetString()!);
        Assert.Equal("https://connect.example.com", success.GetLeftPart(UriPartial.Authority));

        using var page = await host.Client.GetAsync(
            $"{success.AbsolutePath}?phone_number_id={WebHost.Number}", TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)page.StatusCode);

        var connection = await host.ReadAsync(WebHost.ApiOfCustomer + Connection);
        Assert.Equal("hinted", connection.GetProperty("status").GetString());
        Assert.DoesNotContain(success.Segments[^1], connection.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"return_url\":\"https://elsewhere.example.org/\"}")]
    [InlineData("{\"setup_link_id\":\"\"}")]
    public async Task A_bad_request_for_redirect_urls_gets_400(string body)
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfCustomer}/redirect_urls", body);

        Assert.Equal(400, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("resend")]
    [InlineData("settle")]
    public async Task A_dead_welcome_is_resent_or_settled_once_and_the_timeline_tells(string action)
    {
        var runner = new Scripted { Result = EffectResult.Dead("Refused.") };
        await using var host = await WebHost.StartAsync(runner: runner);
        (await host.SendWebhookAsync(WebHost.FlatBody())).Dispose();
        string? id = null;
        await WebHost.UntilAsync("the welcome is dead", async () =>
        {
            var rows = (await host.ReadAsync($"{WebHost.ApiOfProject}/effects?status=dead")).GetProperty("items");
            id = rows.EnumerateArray().Select(row => row.GetProperty("id").GetString()).FirstOrDefault();
            return id is not null;
        });
        runner.Result = EffectResult.Done;

        var path = $"{WebHost.ApiOfCustomer}/effects/{Uri.EscapeDataString(id!)}/{action}";
        Assert.True(await ChangedAsync(host, path));
        await WebHost.UntilAsync("the welcome is done", async () => await WelcomeAsync(host) == (id, "done"));
        Assert.False(await ChangedAsync(host, path));

        Assert.Equal(action == "resend" ? 2 : 1, runner.Ids.Count);
        Assert.Single(runner.Ids.Distinct());
        var timeline = (await host.ReadAsync(WebHost.ApiOfCustomer + Connection)).GetProperty("timeline");
        Assert.Single(timeline.EnumerateArray(), line => line.GetProperty("source").GetString() == "operator");
    }

    [Fact]
    public async Task A_parked_delivery_is_replayed_once_its_number_is_known_and_asking_again_answers_the_same()
    {
        await using var host = await WebHost.StartAsync();
        (await host.SendWebhookAsync(WebHost.FlatBody(customer: null), "whatsapp.phone_number.deleted")).Dispose();
        var path = $"{WebHost.ApiOfProject}/parked/{await ParkedIdAsync(host)}";
        Assert.Equal(409, await PostAsync(host, path + "/replay"));
        (await host.SendWebhookAsync(WebHost.FlatBody())).Dispose();

        Assert.Equal(200, await PostAsync(host, path + "/replay"));
        Assert.Equal(200, await PostAsync(host, path + "/replay"));
        Assert.Equal(409, await PostAsync(host, path + "/discard"));

        var timeline = (await host.ReadAsync(WebHost.ApiOfCustomer + Connection)).GetProperty("timeline");
        Assert.Single(timeline.EnumerateArray(), line => line.GetProperty("event").GetString() == "parked.replayed");
    }

    [Fact]
    public async Task A_parked_delivery_is_discarded_and_asking_again_answers_the_same()
    {
        await using var host = await WebHost.StartAsync();
        (await host.SendWebhookAsync("{")).Dispose();
        var path = $"{WebHost.ApiOfProject}/parked/{await ParkedIdAsync(host)}";
        Assert.Equal("{", (await host.ReadAsync(path)).GetProperty("body").GetString());

        Assert.Equal(409, await PostAsync(host, path + "/replay"));
        Assert.Equal(200, await PostAsync(host, path + "/discard"));
        Assert.Equal(200, await PostAsync(host, path + "/discard"));
        Assert.Equal(409, await PostAsync(host, path + "/replay"));
        Assert.Empty((await host.ReadAsync($"{WebHost.ApiOfProject}/parked")).GetProperty("items").EnumerateArray());
    }

    private static string Members(JsonElement json) => string.Join(' ', json.EnumerateObject().Select(member => member.Name));

    private static async Task<string> ParkedIdAsync(WebHost host) =>
        Assert.Single((await host.ReadAsync($"{WebHost.ApiOfProject}/parked")).GetProperty("items").EnumerateArray())
            .GetProperty("id").GetString()!;

    private static async Task<(string? Id, string? Status)> WelcomeAsync(WebHost host)
    {
        var connection = await host.ReadAsync(WebHost.ApiOfCustomer + Connection);
        var welcome = connection.GetProperty("numbers")[0].GetProperty("welcome");
        return (welcome.GetProperty("id").GetString(), welcome.GetProperty("status").GetString());
    }

    private static async Task<bool> ChangedAsync(WebHost host, string path)
    {
        using var response = await host.ManageAsync(HttpMethod.Post, path);
        Assert.Equal(200, (int)response.StatusCode);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("changed").GetBoolean();
    }

    private static async Task<int> PostAsync(WebHost host, string path)
    {
        using var response = await host.ManageAsync(HttpMethod.Post, path);
        return (int)response.StatusCode;
    }

    /// <summary>A welcome that ends as the test says.</summary>
    private sealed class Scripted : IEffectRunner
    {
        public EffectKind Kind => EffectKind.Welcome;

        public EffectResult Result { get; set; } = EffectResult.Done;

        public System.Collections.Concurrent.ConcurrentQueue<string> Ids { get; } = [];

        public Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken)
        {
            Ids.Enqueue(claimed.Effect.Id);
            return Task.FromResult(Result);
        }
    }
}
