using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kapso.Simulator.World;
using Kapso.Tests.Operators;
using Kapso.Tests.Web;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Simulator;

/// <summary>Numbers that went are connected again, through the management surface, the operators' pages and the simulated platform.</summary>
public sealed class ReconnectTests : IAsyncLifetime
{
    private const string OperatorsPage = $"/ops/{WebHost.Project}/customer";

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private SimulatorHost _platform = null!;
    private WebHost _service = null!;
    private string _customer = "";
    private PhoneNumber _number = null!;

    private CustomerKey Key => new(WebHost.Project, _customer);

    private string Customer => $"{WebHost.ApiOfProject}/customers/{_customer}";

    private string Reconnect => Customer + "/reconnect";

    public async ValueTask InitializeAsync()
    {
        _platform = await SimulatorHost.StartAsync();
        _customer = _platform.Platform.CreateCustomer("Customer 1", null)!.Id;
        _number = _platform.Platform.ConnectDirectly(_customer)!;
        _service = await StartAsync(SimulatorHost.Key);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _platform.DisposeAsync();
    }

    [Fact]
    public async Task The_one_number_that_is_gone_is_meant_and_the_platform_gets_its_phone_and_no_type_or_provisioning()
    {
        await GoAsync(_number);
        var (status, link) = await SendAsync(Reconnect, """{"language":"es"}""");

        Assert.Equal(HttpStatusCode.Created, status);
        var made = Assert.Single(_platform.Platform.SetupLinks());
        Assert.Equal((made.Url, _number.Id), (link.GetProperty("url").GetString(), made.ReconnectsNumberId));
        Assert.Equal(
            ["failure_redirect_url", "language", "reconnect_phone_number", "success_redirect_url"],
            made.Options.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("es", _number.E164), (Option("language"), Option("reconnect_phone_number")));
        var shown = link.GetProperty("link");
        Assert.Equal((_number.Id, false), (shown.GetProperty("reconnects_phone_number_id").GetString(), shown.GetProperty("automatic").GetBoolean()));

        string? Option(string name) => made.Options.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Asked_for_again_it_is_answered_with_the_link_that_is_there()
    {
        await GoAsync(_number);
        var (_, first) = await SendAsync(Reconnect, key: "key-1");
        foreach (var (body, key) in new[] { ("{}", "key-1"), ($$"""{"phone_number_id":"{{_number.Id}}"}""", null), ("{}", "key-2") })
        {
            var (status, again) = await SendAsync(Reconnect, body, key);
            Assert.Equal((HttpStatusCode.OK, first.GetProperty("url").GetString()), (status, again.GetProperty("url").GetString()));
        }

        // The key is remembered also once the number is connected.
        await ObserveAsync(ObservationKind.Reconnected, _number.Id);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Reconnect, "{}", "key-1")).Status);
        Assert.Single(_platform.Platform.SetupLinks());
    }

    [Fact]
    public async Task Another_link_that_can_be_used_is_kept_unless_it_is_to_be_replaced()
    {
        await GoAsync(_number);
        await SendAsync(Customer + "/setup_links");
        Assert.Contains("replace", await RefusedAsync(Reconnect, HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Single(_platform.Platform.SetupLinks());

        Assert.Equal(HttpStatusCode.Created, (await SendAsync(Reconnect, """{"replace":true}""")).Status);
        Assert.Equal([SetupLinkStatus.Revoked, SetupLinkStatus.Live], (await ConnectionAsync()).SetupLinks.Select(link => link.Status));
    }

    [Fact]
    public async Task What_cannot_be_connected_again_is_told_in_words_and_nothing_is_made()
    {
        Assert.Contains("Nothing was ever heard", await RefusedAsync(Reconnect, HttpStatusCode.NotFound), StringComparison.Ordinal);
        await ConnectAsync(_number);
        Assert.Contains("None of the customer's numbers is gone", await RefusedAsync(Reconnect, HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Contains("is connected", await RefusedAsync(Reconnect, HttpStatusCode.Conflict, _number.Id), StringComparison.Ordinal);
        Assert.Contains("has no number nobody", await RefusedAsync(Reconnect, HttpStatusCode.Conflict, "nobody"), StringComparison.Ordinal);
        Assert.Contains("JSON object", await RefusedAsync(Reconnect, HttpStatusCode.BadRequest, body: "[]"), StringComparison.Ordinal);
        Assert.Contains("return_url", await RefusedAsync(Reconnect, HttpStatusCode.BadRequest, body: """{"return_url":"https://elsewhere.example"}"""), StringComparison.Ordinal);

        var second = _platform.Platform.ConnectDirectly(_customer)!;
        await GoAsync(_number);
        await GoAsync(second);
        var several = await RefusedAsync(Reconnect, HttpStatusCode.Conflict);
        Assert.Contains($"{_number.Id}, {second.Id}", several, StringComparison.Ordinal);

        // One of which a webhook alone told: its phone is not known.
        await ObserveAsync(ObservationKind.Created, "100000000000009");
        await ObserveAsync(ObservationKind.Gone, "100000000000009");
        Assert.Contains("no proof told this one's", await RefusedAsync(Reconnect, HttpStatusCode.Conflict, "100000000000009"), StringComparison.Ordinal);
        Assert.Empty(_platform.Platform.SetupLinks());
    }

    [Fact]
    public async Task A_phone_that_is_connected_under_another_id_is_not_connected_again()
    {
        await GoAsync(_number);
        await ConnectAsync(_platform.Platform.ConnectDirectly(_customer, _number.Digits)!);

        Assert.Contains("None of the customer's numbers is gone", await RefusedAsync(Reconnect, HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Contains("connected as another number", await RefusedAsync(Reconnect, HttpStatusCode.Conflict, _number.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_platform_refuses_comes_in_its_words_and_a_project_without_a_key_says_so()
    {
        await GoAsync(_number);
        _platform.Platform.Act(_number.Id, NumberAction.Delete);
        Assert.Equal(
            "The platform refused it: The platform answered 422: reconnect_phone_number must match an existing WhatsApp config for this customer.",
            await RefusedAsync(Reconnect, HttpStatusCode.UnprocessableEntity));
        Assert.Empty((await ConnectionAsync()).SetupLinks);

        await _service.DisposeAsync();
        _service = await StartAsync(apiKey: null);
        await GoAsync(_number);
        Assert.Contains("ApiKey", await RefusedAsync(Reconnect, HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_customers_pages_say_that_a_new_link_is_ready_and_that_the_number_is_connected_again()
    {
        var before = (await ConnectedByLinkAsync()).SetupLinks[0];
        await GoAsync(_number);
        Assert.Contains("To connect it again, ask Example for a new link.", await PageAsync(before), StringComparison.Ordinal);

        await SendAsync(Reconnect);
        var link = (await ConnectionAsync()).SetupLinks[^1];
        Assert.Contains("A new link with which you connect your number again is ready.", await PageAsync(before), StringComparison.Ordinal);
        Assert.Contains("Open your setup link again", await PageAsync(link, "failed", "?error_code=facebook_auth_failed"), StringComparison.Ordinal);
        Assert.DoesNotContain(link.Url!.Value.Reveal, await PageAsync(before), StringComparison.Ordinal);

        await ObserveAsync(ObservationKind.Reconnected, _number.Id);
        var page = await PageAsync(link);
        Assert.Contains("WhatsApp is connected again", page, StringComparison.Ordinal);
        Assert.Contains("Your number is connected with Example again.", page, StringComparison.Ordinal);
        Assert.Contains("WhatsApp is connected again", await PageAsync(link, query: $"?phone_number_id={_number.Id}"), StringComparison.Ordinal);
        Assert.DoesNotContain("connected again", await PageAsync(before), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es", "Ya hay un nuevo enlace", "WhatsApp está conectado de nuevo")]
    [InlineData("pt", "Já existe um novo link", "O WhatsApp está conectado de novo")]
    [InlineData("hi", "नया लिंक तैयार है", "WhatsApp फिर से कनेक्ट हो गया")]
    [InlineData("id", "Tautan baru untuk menghubungkan kembali", "WhatsApp terhubung kembali")]
    [InlineData("ar", "يوجد رابط جديد لتوصيل رقمك", "تم توصيل واتساب من جديد")]
    public async Task They_say_so_in_every_language(string language, string ready, string again)
    {
        _service.Client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", language);
        var before = (await ConnectedByLinkAsync()).SetupLinks[0];
        await GoAsync(_number);
        await SendAsync(Reconnect);
        Assert.Contains(ready, await PageAsync(before), StringComparison.Ordinal);
        await ObserveAsync(ObservationKind.Reconnected, _number.Id);
        Assert.Contains(again, await PageAsync((await ConnectionAsync()).SetupLinks[^1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operators_page_asks_once_and_shows_the_link_and_who_asked_for_it()
    {
        await GoAsync(_number);
        var cookie = await _service.GetCookieAsync();
        var shown = await ShowAsync($"{OperatorsPage}?id={_customer}", cookie);
        Assert.Contains($"/customer/reconnect?id={_customer}&number={_number.Id}", shown, StringComparison.Ordinal);
        var asked = await ShowAsync($"{OperatorsPage}/reconnect?id={_customer}&number={_number.Id}", cookie);
        Assert.Contains(_number.E164, asked, StringComparison.Ordinal);
        Assert.Empty(_platform.Platform.SetupLinks());

        await ConnectAsync(_number);
        using var gone = await _service.OpenAsync($"{OperatorsPage}/reconnect?id={_customer}&number={_number.Id}", cookie);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private async Task<string> ShowAsync(string path, string cookie)
    {
        using var page = await _service.OpenAsync(path, cookie);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
    }

    private async Task<string> PageAsync(Kapso.Connections.Links.SetupLink link, string end = "success", string query = "") =>
        WebUtility.HtmlDecode(await _service.ReadPageAsync($"/whatsapp/{end}/{link.State}{query}"));

    /// <summary>The number is connected, and the customer came by a link, which is used up.</summary>
    private async Task<Connection> ConnectedByLinkAsync()
    {
        await SendAsync(Customer + "/setup_links");
        await ConnectAsync(_number);
        _platform.Platform.ChangeSetupLink(_customer, _platform.Platform.SetupLinks()[0].Id, revoke: true, expiresAt: null);
        return await ConnectionAsync();
    }

    private Task ConnectAsync(PhoneNumber number) => ObserveAsync(ObservationKind.ApiConnected, number.Id, number.Display);

    /// <summary>The number was connected, its phone told, and went.</summary>
    private async Task GoAsync(PhoneNumber number)
    {
        await ConnectAsync(number);
        _platform.Platform.Act(number.Id, NumberAction.Offboard);
        await ObserveAsync(ObservationKind.Gone, number.Id);
    }

    private async Task ObserveAsync(ObservationKind kind, string number, string? phone = null)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        await _service.Engine.ObserveAsync(
            Key,
            new Observation
            {
                Kind = kind,
                Source = kind == ObservationKind.ApiConnected ? Source.Api : Source.Webhook,
                Event = kind.ToString(),
                PhoneNumberId = number,
                ReceivedAt = _time.GetUtcNow(),
                RowCreatedAt = _time.GetUtcNow(),
                Details = phone is null ? null : new NumberDetails { DisplayPhoneNumber = phone },
            },
            CancellationToken.None);
    }

    private async Task<Connection> ConnectionAsync() => (await _service.Engine.FindAsync(Key, CancellationToken.None))!;

    private Task<WebHost> StartAsync(string? apiKey) => WebHost.StartAsync(
        options =>
        {
            options.Projects[0].ApiKey = apiKey;
            options.Platform.BaseUrl = _platform.BaseUrl;
        },
        time: _time);

    private async Task<string> RefusedAsync(string path, HttpStatusCode expected, string? number = null, string? body = null)
    {
        var (status, problem) = await SendAsync(path, body ?? (number is null ? "{}" : $$"""{"phone_number_id":"{{number}}"}"""));
        Assert.Equal(expected, status);
        return problem.GetProperty("detail").GetString()!;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string path, string body = "{}", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", WebHost.ManagementKey);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var response = await _service.Client.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }
}
