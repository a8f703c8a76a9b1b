using System.Net;
using Kapso.Connections.Webhooks;
using Kapso.Tests.Web;

namespace Kapso.Tests.Operators;

public sealed class FormTests
{
    private const string Parked = "0199d000-0000-7000-8000-000000000001";
    private const string Discard = $"/ops/{WebHost.Project}/parked/discard?id={Parked}";

    [Fact]
    public async Task A_form_of_this_sign_in_is_taken()
    {
        await using var host = await StartAsync();
        var cookie = await host.GetCookieAsync();
        using var response = await host.SendFormAsync(Discard, cookie, ("token", await host.ReadTokenAsync(cookie)));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal(ParkedStatus.Discarded, await StatusAsync(host));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_form_without_the_token_does_nothing(string? token)
    {
        await using var host = await StartAsync();
        var cookie = await host.GetCookieAsync();
        using var response = await host.SendFormAsync(Discard, cookie, token is null ? [] : [("token", token)]);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(ParkedStatus.Waiting, await StatusAsync(host));
    }

    [Fact]
    public async Task A_form_of_another_sign_in_does_nothing()
    {
        await using var host = await StartAsync();
        var token = await host.ReadTokenAsync(await host.GetCookieAsync());
        using var response = await host.SendFormAsync(Discard, await host.GetCookieAsync(), ("token", token));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(ParkedStatus.Waiting, await StatusAsync(host));
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task A_form_that_another_site_sends_does_nothing(string site)
    {
        await using var host = await StartAsync();
        var cookie = await host.GetCookieAsync();
        host.Client.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);
        using var response = await host.SendFormAsync(Discard, cookie, ("token", await host.ReadTokenAsync(cookie)));
        using var signIn = await host.SignInAsync();
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (response.StatusCode, signIn.StatusCode));
        Assert.Equal(ParkedStatus.Waiting, await StatusAsync(host));
    }

    [Fact]
    public async Task Looking_at_an_action_does_not_do_it()
    {
        await using var host = await StartAsync();
        using var response = await host.OpenAsync(Discard, await host.GetCookieAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(ParkedStatus.Waiting, await StatusAsync(host));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_said_on_a_page()
    {
        await using var host = await StartAsync();
        var cookie = await host.GetCookieAsync();
        host.Engine.Fail();
        using var response = await host.OpenAsync($"/ops/{WebHost.Project}", cookie);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("The store does not answer", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("customers?cursor=%00")]
    [InlineData("customers?status=nowhere")]
    [InlineData("effects?status=pending")]
    [InlineData("numbers?mark=nothing")]
    public async Task A_wrong_address_is_answered_with_a_sentence(string page)
    {
        await using var host = await StartAsync();
        using var response = await host.OpenAsync($"/ops/{WebHost.Project}/{page}", await host.GetCookieAsync());
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_number_that_came_back_unknown_has_a_button_that_has_it_greeted()
    {
        await using var host = await StartAsync();
        var key = new CustomerKey(WebHost.Project, "customer-1");
        await host.Engine.ObserveAsync(
            key,
            new Observation
            {
                Kind = ObservationKind.Reconnected,
                Source = Source.Webhook,
                Event = WebhookEvents.Reconnected,
                PhoneNumberId = "1",
                ReceivedAt = DateTimeOffset.UtcNow,
            },
            CancellationToken.None);
        var cookie = await host.GetCookieAsync();
        using var page = await host.OpenAsync($"/ops/{WebHost.Project}/customer?id=customer-1", cookie);
        var greet = WebUtility.HtmlDecode((await page.Content.ReadAsStringAsync()).Split("href=\"").Select(part => part.Split('"')[0])
            .Single(link => link.Contains("/customer/greet", StringComparison.Ordinal)));
        using var asked = await host.OpenAsync(greet, cookie);
        Assert.Contains("Greet this number", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null((await host.Engine.FindAsync(key, CancellationToken.None))!.FindNumber("1")!.Welcome);

        using var response = await host.SendFormAsync(greet, cookie, ("token", await host.ReadTokenAsync(cookie)));

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.NotNull((await host.Engine.FindAsync(key, CancellationToken.None))!.FindNumber("1")!.Welcome);
        using var again = await host.OpenAsync(greet, cookie);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Theory]
    [InlineData("/ops/another-project")]
    [InlineData($"/ops/{WebHost.Project}/customer?id=nobody")]
    [InlineData($"/ops/{WebHost.Project}/customer")]
    [InlineData($"/ops/{WebHost.Project}/parked/delivery?id=nothing")]
    [InlineData($"/ops/{WebHost.Project}/customer/resend?id=nobody&effect=wel_0")]
    [InlineData($"/ops/{WebHost.Project}/customer/greet?id=nobody&number=1")]
    public async Task What_is_not_there_is_not_found(string page)
    {
        await using var host = await StartAsync();
        using var response = await host.OpenAsync(page, await host.GetCookieAsync());
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_customer_whose_id_means_something_in_addresses_and_pages_is_shown_as_it_is()
    {
        const string Id = "../<b>&\"?#%2F";
        await using var host = await StartAsync();
        await host.Engine.ObserveAsync(
            new CustomerKey(WebHost.Project, Id),
            new Observation
            {
                Kind = ObservationKind.Created,
                Source = Source.Webhook,
                Event = WebHost.Created,
                PhoneNumberId = "1",
                ReceivedAt = DateTimeOffset.UtcNow,
            },
            CancellationToken.None);
        var cookie = await host.GetCookieAsync();
        using var response = await host.OpenAsync($"/ops/{WebHost.Project}/customers", cookie);
        var html = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        var link = WebUtility.HtmlDecode(html.Split("<th scope=\"row\"")[1].Split("href=\"")[1].Split('"')[0]);

        using var page = await host.OpenAsync(link, cookie);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(Id, WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    private static async Task<WebHost> StartAsync()
    {
        var host = await WebHost.StartAsync();
        await host.Engine.ParkAsync(
            new ParkedDelivery
            {
                Id = Parked,
                ProjectId = WebHost.Project,
                Reason = ParkedReason.Malformed,
                ReceivedAt = DateTimeOffset.UtcNow,
                Body = "{"u8.ToArray(),
            },
            CancellationToken.None);
        return host;
    }

    private static async Task<ParkedStatus?> StatusAsync(WebHost host) =>
        (await host.Engine.FindParkedAsync(WebHost.Project, Parked, CancellationToken.None))?.Status;
}
