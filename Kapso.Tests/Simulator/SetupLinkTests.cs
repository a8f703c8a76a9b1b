using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kapso.Simulator.Faults;
using Kapso.Tests.Platform.Api;
using Kapso.Tests.Web;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Simulator;

/// <summary>Setup links, issued through the management surface and made by the simulated platform.</summary>
public sealed class SetupLinkTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private SimulatorHost _platform = null!;
    private WebHost _service = null!;
    private string _customer = "";

    private string Links => $"{WebHost.ApiOfProject}/customers/{_customer}/setup_links";

    public async ValueTask InitializeAsync()
    {
        _platform = await SimulatorHost.StartAsync();
        _customer = _platform.Platform.CreateCustomer("Customer 1", null)!.Id;
        _service = await StartAsync(SimulatorHost.Key);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _platform.DisposeAsync();
    }

    [Fact]
    public async Task A_link_is_issued_with_our_redirect_urls_and_its_url_is_told_and_the_customer_invited()
    {
        var (status, link) = await SendAsync(HttpMethod.Post, Links, """{"language":"es","contact_phone":"+1 (555) 123-4567"}""");

        Assert.Equal(HttpStatusCode.Created, status);
        var made = Assert.Single(_platform.Platform.SetupLinks());
        Assert.Equal(made.Url, link.GetProperty("url").GetString());
        Assert.Equal((made.Id, "live"), (link.GetProperty("link").GetProperty("setup_link_id").GetString(), link.GetProperty("link").GetProperty("status").GetString()));
        Assert.StartsWith("https://connect.example.com/whatsapp/success/", made.SuccessRedirectUrl, StringComparison.Ordinal);
        Assert.StartsWith("https://connect.example.com/whatsapp/failed/", made.FailureRedirectUrl, StringComparison.Ordinal);
        Assert.Equal("es", made.Options.GetProperty("language").GetString());

        var connection = await ConnectionAsync();
        Assert.Equal((ConnectionStatus.Invited, "+15551234567"), (connection.Status, connection.ContactPhone));
        var shown = (await _service.ReadAsync($"{WebHost.ApiOfProject}/customers/{_customer}/connection")).GetRawText();
        Assert.DoesNotContain(made.Token, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(connection.SetupLinks[0].State, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_colours_that_a_link_is_made_with_go_to_the_platform_and_stay_with_the_link()
    {
        await SendAsync(HttpMethod.Post, Links, """
            {"theme_config":{"primary_color":"#3B82F6","background_color":"#ffffff","card_color":"blue","text_color":7,"muted_color":"#f1f5f9"}}
            """);
        Assert.Equal("blue", Assert.Single(_platform.Platform.SetupLinks()).Options.GetProperty("theme_config").GetProperty("card_color").GetString());
        Assert.Equal(new LinkTheme { Page = "#ffffff", Accent = "#3b82f6" }, (await ConnectionAsync()).SetupLinks[0].Theme);

        await SendAsync(HttpMethod.Post, Links, """{"replace":true,"theme_config":{"muted_color":"#f1f5f9"}}""");
        Assert.Null((await ConnectionAsync()).SetupLinks[1].Theme);
    }

    [Theory]
    [InlineData(402, """{"error":"insufficient_credits"}""", "The platform refused it: The platform answered 402: insufficient_credits.")]
    [InlineData(403, """{"error":"Setup links are not part of your plan"}""", "The platform refused it: The platform answered 403: Setup links are not part of your plan.")]
    [InlineData(403, """{"error":"This API key is read-only"}""", "The platform refused it: The platform answered 403: This API key is read-only. Check the project's ApiKey.")]
    [InlineData(422, """{"errors":{"language":["is not included in the list"]}}""", "The platform refused it: The platform answered 422: language is not included in the list.")]
    public async Task A_refusal_comes_in_the_platforms_words_whichever_call_is_refused(int status, string body, string detail)
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(status, body));
        await using var service = await WebHost.StartAsync(options =>
        {
            options.Projects[0].ApiKey = Client.Key;
            options.Platform.BaseUrl = platform.BaseUrl;
        });
        var path = WebHost.ApiOfCustomer + "/setup_links";
        using var made = await service.ManageAsync(HttpMethod.Post, path, new { });
        Assert.Equal((422, detail), ((int)made.StatusCode, await DetailAsync(made)));

        // A link that is known to be live is asked about first: that is refused as well, and nothing is tried later.
        await service.Engine.AddLinkAsync(
            WebHost.Key, new SetupLink { Id = "link-1", PlatformId = "platform-1", State = "0123456789abcdef0123456789abcdef", CreatedAt = DateTimeOffset.UtcNow }, CancellationToken.None);
        using var asked = await service.ManageAsync(HttpMethod.Post, path, new { });
        Assert.Equal((422, detail, null), ((int)asked.StatusCode, await DetailAsync(asked), asked.Headers.RetryAfter));

        using var customer = await service.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfProject}/customers", new { external_customer_id = "own-1" });
        Assert.Equal((422, detail), ((int)customer.StatusCode, await DetailAsync(customer)));

        using var revoked = await service.ManageAsync(HttpMethod.Post, path + "/link-1/revoke");
        Assert.Equal((422, detail), ((int)revoked.StatusCode, await DetailAsync(revoked)));

        static async Task<string?> DetailAsync(HttpResponseMessage response) =>
            JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("detail").GetString();
    }

    [Fact]
    public async Task The_same_key_is_answered_with_the_same_link_and_with_other_options_refused()
    {
        var (_, first) = await SendAsync(HttpMethod.Post, Links, """{"language":"es"}""", "key-1");
        var (again, second) = await SendAsync(HttpMethod.Post, Links, """{"language":"es"}""", "key-1");
        Assert.Equal((HttpStatusCode.OK, first.GetProperty("url").GetString()), (again, second.GetProperty("url").GetString()));

        var (other, problem) = await SendAsync(HttpMethod.Post, Links, """{"language":"en"}""", "key-1");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other);
        Assert.Contains("other options", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Single(_platform.Platform.SetupLinks());
    }

    [Fact]
    public async Task A_link_that_can_be_used_is_kept_unless_it_is_to_be_replaced()
    {
        var (_, first) = await SendAsync(HttpMethod.Post, Links, "{}");
        var (kept, same) = await SendAsync(HttpMethod.Post, Links, "{}");
        Assert.Equal((HttpStatusCode.OK, first.GetProperty("url").GetString()), (kept, same.GetProperty("url").GetString()));

        var (replaced, _) = await SendAsync(HttpMethod.Post, Links, """{"replace":true}""");
        Assert.Equal(HttpStatusCode.Created, replaced);
        var links = (await ConnectionAsync()).SetupLinks;
        Assert.Equal([SetupLinkStatus.Revoked, SetupLinkStatus.Live], links.Select(link => link.Status));
        Assert.Null(links[0].Url);
    }

    [Fact]
    public async Task A_link_that_was_used_before_it_was_replaced_is_completed_once_the_platform_tells()
    {
        await SendAsync(HttpMethod.Post, Links, "{}");
        _platform.Platform.Connect(_platform.Platform.SetupLinks()[0].Id);
        await SendAsync(HttpMethod.Post, Links, """{"replace":true}""");
        Assert.Equal([SetupLinkStatus.Revoked, SetupLinkStatus.Live], (await ConnectionAsync()).SetupLinks.Select(link => link.Status));

        await SendAsync(HttpMethod.Get, Links);

        Assert.Equal([SetupLinkStatus.Completed, SetupLinkStatus.Live], (await ConnectionAsync()).SetupLinks.Select(link => link.Status));
    }

    [Fact]
    public async Task A_link_that_has_ended_at_the_platform_is_not_given_out_again()
    {
        await SendAsync(HttpMethod.Post, Links, "{}");
        _platform.Platform.Connect(_platform.Platform.SetupLinks()[0].Id);

        var (status, _) = await SendAsync(HttpMethod.Post, Links, "{}");
        Assert.Equal(HttpStatusCode.Created, status);
        var used = (await ConnectionAsync()).SetupLinks[0];
        Assert.Equal((SetupLinkStatus.Completed, null, null), (used.Status, used.Url, used.Token));
    }

    [Fact]
    public async Task What_the_platform_lists_is_folded_in_and_shown_newest_first()
    {
        await SendAsync(HttpMethod.Post, Links, "{}");
        _platform.Platform.Fail(_platform.Platform.SetupLinks()[0].Id, "waba_limit_reached");
        var (_, list) = await SendAsync(HttpMethod.Get, Links);

        var shown = Assert.Single(list.GetProperty("items").EnumerateArray()).GetProperty("link");
        Assert.Equal("failed", shown.GetProperty("status").GetString());
        Assert.Equal("failed", shown.GetProperty("setup_status").GetString());
        Assert.Equal("waba_limit_reached", Assert.Single(shown.GetProperty("error_codes").EnumerateArray()).GetString());
        Assert.Contains((await ConnectionAsync()).Timeline, line => line is { Event: "setup_link.failed", Source: Source.Api });
    }

    [Fact]
    public async Task A_link_is_revoked_at_the_platform_and_here()
    {
        var (_, link) = await SendAsync(HttpMethod.Post, Links, "{}");
        var id = link.GetProperty("link").GetProperty("id").GetString();
        var (status, revoked) = await SendAsync(HttpMethod.Post, $"{Links}/{id}/revoke");

        Assert.Equal((HttpStatusCode.OK, "revoked"), (status, revoked.GetProperty("status").GetString()));
        Assert.NotNull(_platform.Platform.SetupLinks()[0].RevokedAt);
        Assert.Contains((await ConnectionAsync()).Timeline, line => line is { Event: "setup_link.revoked", Source: Source.Operator });
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Post, $"{Links}/nothing/revoke")).Status);
    }

    [Fact]
    public async Task A_link_made_elsewhere_is_registered_once_and_for_one_customer()
    {
        var made = _platform.Platform.CreateSetupLink(_customer, null, null, default, _platform.BaseUrl.AbsoluteUri)!;
        var (_, link) = await SendAsync(HttpMethod.Put, $"{Links}/{made.Id}");
        var (status, again) = await SendAsync(HttpMethod.Put, $"{Links}/{made.Id}");
        Assert.Equal(("live", "registered", "active"), (link.GetProperty("status").GetString(), link.GetProperty("source").GetString(), link.GetProperty("platform_status").GetString()));
        Assert.Equal((HttpStatusCode.OK, link.GetProperty("id").GetString()), (status, again.GetProperty("id").GetString()));

        var other = await SendAsync(HttpMethod.Put, $"{WebHost.ApiOfProject}/customers/another/setup_links/{made.Id}");
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
    }

    [Fact]
    public async Task A_link_whose_answer_was_lost_is_found_and_not_made_twice()
    {
        _platform.Platform.Dice.Force(FaultKind.LostAnswer, 1);
        var (status, link) = await SendAsync(HttpMethod.Post, Links, "{}");

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(Assert.Single(_platform.Platform.SetupLinks()).Url, link.GetProperty("url").GetString());
    }

    [Fact]
    public async Task An_intent_that_lost_its_process_is_found_at_the_platform_before_anything_is_made_again()
    {
        await IntendAndDieAsync();
        var (busy, _) = await SendAsync(HttpMethod.Post, Links, "{}");
        Assert.Equal(HttpStatusCode.Conflict, busy);

        var success = $"https://connect.example.com/whatsapp/success/{SimulatorHost.State}";
        var made = _platform.Platform.CreateSetupLink(_customer, success, null, default, _platform.BaseUrl.AbsoluteUri)!;
        _time.Advance(TimeSpan.FromMinutes(1));
        var (status, link) = await SendAsync(HttpMethod.Post, Links, "{}");

        Assert.Equal((HttpStatusCode.OK, "lnk_lost", made.Url), (status, link.GetProperty("link").GetProperty("id").GetString(), link.GetProperty("url").GetString()));
        Assert.Single(_platform.Platform.SetupLinks());
    }

    [Fact]
    public async Task An_intent_that_the_platform_never_heard_of_is_given_up_after_two_minutes_and_not_before()
    {
        await IntendAndDieAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Post, Links, "{}")).Status);
        Assert.Empty(_platform.Platform.SetupLinks());

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, Links, "{}")).Status);
        Assert.DoesNotContain((await ConnectionAsync()).SetupLinks, link => link.Id == "lnk_lost");
    }

    [Fact]
    public async Task What_the_platform_refuses_and_a_project_without_a_key_are_told_in_words()
    {
        var unknown = await SendAsync(HttpMethod.Post, $"{WebHost.ApiOfProject}/customers/nobody/setup_links", "{}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.Status);
        Assert.Contains("platform refused", unknown.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);

        await _service.DisposeAsync();
        _service = await StartAsync(apiKey: null);
        var keyless = await SendAsync(HttpMethod.Post, Links, "{}");
        Assert.Equal(HttpStatusCode.Conflict, keyless.Status);
        Assert.Contains("ApiKey", keyless.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"contact_phone":"555"}""", "contact_phone")]
    [InlineData("""{"return_url":"https://elsewhere.example"}""", "return_url")]
    [InlineData("""[]""", "JSON object")]
    public async Task A_mistake_in_the_body_is_named_and_nothing_is_made(string body, string named)
    {
        var (status, problem) = await SendAsync(HttpMethod.Post, Links, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(named, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(_platform.Platform.SetupLinks());
    }

    [Fact]
    public async Task A_customer_is_found_by_the_companys_own_id_or_created_once()
    {
        var (created, first) = await SendAsync(HttpMethod.Post, $"{WebHost.ApiOfProject}/customers", """{"external_customer_id":"crm-7","name":"Customer 2"}""");
        var (found, second) = await SendAsync(HttpMethod.Post, $"{WebHost.ApiOfProject}/customers", """{"external_customer_id":"crm-7"}""");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created, found));
        Assert.Equal(first.GetProperty("customer_id").GetString(), second.GetProperty("customer_id").GetString());
        Assert.Equal("Customer 2", second.GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_a_new_customer_is_called_is_kept_and_finds_them_at_once()
    {
        var customers = $"{WebHost.ApiOfProject}/customers";
        var (status, made) = await SendAsync(HttpMethod.Post, customers, """{"external_id":"crm/7","name":"Maria Silva"}""");
        Assert.Equal((HttpStatusCode.Created, "crm/7"), (status, made.GetProperty("external_id").GetString()));
        var path = $"{customers}/{made.GetProperty("customer_id").GetString()}/connection";
        Assert.Equal(("crm/7", "Maria Silva", "none"), Called((await SendAsync(HttpMethod.Get, path)).Body));

        _platform.Platform.ChangeCustomer(made.GetProperty("customer_id").GetString()!, "Maria da Silva", null);
        await SendAsync(HttpMethod.Post, customers, """{"external_customer_id":"crm/7","name":"Another name"}""");
        Assert.Equal(("crm/7", "Maria da Silva", "none"), Called((await SendAsync(HttpMethod.Get, path)).Body));
        var rows = (await SendAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}/connections?external_id=crm%2F7")).Body.GetProperty("items");
        Assert.Equal(made.GetProperty("customer_id").GetString(), Assert.Single(rows.EnumerateArray()).GetProperty("customer_id").GetString());

        var (refused, problem) = await SendAsync(HttpMethod.Post, customers, """{"external_id":"a","external_customer_id":"b"}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused);
        Assert.Contains("Send one of them.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        static (string?, string?, string?) Called(JsonElement connection) => (
            connection.GetProperty("external_id").GetString(), connection.GetProperty("name").GetString(), connection.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_contact_phone_is_set_forgotten_and_checked()
    {
        var path = $"{WebHost.ApiOfProject}/customers/{_customer}";
        Assert.Equal("+15551234567", (await SendAsync(HttpMethod.Patch, path, """{"contact_phone":"+1 555 123-4567"}""")).Body.GetProperty("contact_phone").GetString());
        Assert.Equal(JsonValueKind.Null, (await SendAsync(HttpMethod.Patch, path, """{"contact_phone":null}""")).Body.GetProperty("contact_phone").ValueKind);
        foreach (var wrong in new[] { "{}", """{"contact_phone":7}""", """{"contact_phone":"15551234567"}""", """{"nickname":"x"}""" })
            Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Patch, path, wrong)).Status);
    }

    private Task<WebHost> StartAsync(string? apiKey) => WebHost.StartAsync(
        options =>
        {
            options.Projects[0].ApiKey = apiKey;
            options.Platform.BaseUrl = _platform.BaseUrl;
        },
        time: _time);

    private async Task<Connection> ConnectionAsync() =>
        (await _service.Engine.FindAsync(new CustomerKey(WebHost.Project, _customer), CancellationToken.None))!;

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(
        HttpMethod method, string path, string? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", WebHost.ManagementKey);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _service.Client.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>A process that wrote down what it was about to do, and did not live to do it.</summary>
    private async Task IntendAndDieAsync()
    {
        var intent = new SetupLink
        {
            Id = "lnk_lost",
            State = SimulatorHost.State,
            CreatedAt = _time.GetUtcNow(),
            Source = SetupLinkSource.Issued,
        };
        await _service.Engine.ChangeLinkAsync(
            new CustomerKey(WebHost.Project, _customer), new IntendLink(intent, false), CancellationToken.None);
    }
}
