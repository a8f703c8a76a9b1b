using System.Web;
using Kapso.Connections.Redirects;
using Kapso.Simulator.Faults;
using Kapso.Simulator.World;

namespace Kapso.Tests.Simulator;

/// <summary>What a person does in a browser.</summary>
public sealed class SimulatorPageTests
{
    [Fact]
    public async Task Who_connects_is_sent_back_with_all_that_the_platform_tells()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (_, link) = await host.InviteAsync();
        using var page = await host.OpenAsync(link.Url!.Value.Reveal);
        Assert.Equal(200, (int)page.StatusCode);

        using var sent = await host.SubmitAsync($"{link.Url.Value.Reveal}/connect", fields: [("name", "Customer 1's number"), ("number", "")]);

        Assert.Equal(303, (int)sent.StatusCode);
        var target = sent.Headers.Location!;
        Assert.Equal($"https://us.example/whatsapp/success/{SimulatorHost.State}", target.GetLeftPart(UriPartial.Path));
        var number = host.Platform.Numbers()[0];
        Assert.Equal("Customer 1's number", number.Name);
        Assert.Equal(
            new RedirectParameters
            {
                SetupLinkId = link.Id,
                Status = RedirectParameters.Completed,
                PhoneNumberId = number.Id,
                BusinessAccountId = number.BusinessAccountId,
                WhatsappConfigId = number.ConfigId,
                DisplayPhoneNumber = number.E164,
                ErrorCode = SetupErrorCodes.Unknown,
            },
            Parameters(target));
    }

    [Theory]
    [InlineData("waba_limit_reached", "", "waba_limit_reached")]
    [InlineData("waba_limit_reached", "never_heard_of", "never_heard_of")]
    public async Task Who_fails_is_sent_back_with_the_code_and_can_try_again(string code, string other, string told)
    {
        await using var host = await SimulatorHost.StartAsync();
        var (_, link) = await host.InviteAsync();

        using var failed = await host.SubmitAsync($"{link.Url!.Value.Reveal}/fail", fields: [("code", code), ("other", other)]);
        using var page = await host.OpenAsync(link.Url.Value.Reveal);

        Assert.Equal(
            $"https://us.example/whatsapp/failed/{SimulatorHost.State}?setup_link_id={link.Id}&error_code={told}", failed.Headers.Location?.AbsoluteUri);
        Assert.Equal(200, (int)page.StatusCode);
        Assert.Equal(("failed", told), (host.Platform.SetupLinks()[0].SetupStatus, host.Platform.SetupLinks()[0].SetupError));
        host.Platform.Connect(link.Id);
        Assert.Equal(("completed", null), (host.Platform.SetupLinks()[0].SetupStatus, host.Platform.SetupLinks()[0].SetupError));
    }

    [Theory]
    [InlineData("used", "already_used")]
    [InlineData("expired", "link_expired")]
    [InlineData("revoked", "link_expired")]
    public async Task A_link_that_is_over_sends_back_at_once(string status, string code)
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, link) = await host.InviteAsync();
        switch (status)
        {
            case "used": host.Platform.Connect(link.Id); break;
            case "expired": host.Platform.Clock.Advance(TimeSpan.FromDays(30)); break;
            default: host.Platform.ChangeSetupLink(customer, link.Id, revoke: true, expiresAt: null); break;
        }

        using var opened = await host.OpenAsync(link.Url!.Value.Reveal);
        using var connected = await host.SubmitAsync($"{link.Url.Value.Reveal}/connect");

        Assert.EndsWith($"error_code={code}", opened.Headers.Location?.Query, StringComparison.Ordinal);
        Assert.Equal(link.Url.Value.Reveal, new Uri(host.BaseUrl, connected.Headers.Location!).AbsoluteUri); // and from there on
        Assert.Equal(status, host.Platform.SetupLinks()[0].StatusAt(host.Platform.Clock.UtcNow));
    }

    [Fact]
    public async Task A_number_that_was_there_before_comes_back_under_its_id()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, link) = await host.InviteAsync();
        var number = host.Platform.Connect(link.Id)!.Number!;
        host.Platform.Act(number.Id, NumberAction.Delete);
        var again = (await host.Api.CreateSetupLinkAsync(customer, new Kapso.Platform.Api.SetupLinkRequest(), CancellationToken.None)).Value!;

        using var sent = await host.SubmitAsync($"{again.Url!.Value.Reveal}/connect", fields: [("number", number.Id)]);

        Assert.Equal(200, (int)sent.StatusCode); // the link has no address to go back to
        Assert.Equal(number.Digits, Assert.Single(host.Platform.Numbers(), one => one.Id == number.Id).Digits);
        Assert.True(host.Platform.Numbers().Single(one => one.Id == number.Id).IsConnected);
    }

    [Fact]
    public async Task A_dropped_redirect_leaves_the_browser_where_it_is()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (_, link) = await host.InviteAsync();
        host.Platform.Dice.Force(FaultKind.DropRedirect, 1);

        using var sent = await host.SubmitAsync($"{link.Url!.Value.Reveal}/connect");

        Assert.Equal(200, (int)sent.StatusCode);
        Assert.Contains("closed too early", await sent.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Single(host.Platform.Numbers(), number => number.CustomerId is not null);
    }

    [Fact]
    public async Task The_front_page_shows_what_there_is_and_encodes_it()
    {
        await using var host = await SimulatorHost.StartAsync(options => options.WebhookUrl = new Uri("http://127.0.0.1:9/hooks"));
        var (_, link) = await host.InviteAsync("<b>Customer & Co</b>");
        var number = host.Platform.Connect(link.Id)!.Number!;
        await host.Api.SendMessageAsync(
            host.Platform.Sender.Id,
            new() { To = number.Digits, Name = "welcome", Language = "en", CallbackData = "<i>" },
            CancellationToken.None);

        using var page = await host.OpenAsync("");
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        foreach (var text in (string[])["&lt;b&gt;Customer &amp; Co&lt;/b&gt;", HttpUtility.HtmlEncode(number.Display).Replace("+", "&#x2B;", StringComparison.Ordinal), number.Id, link.Id, "whatsapp.phone_number.created", "&lt;i&gt;", "http://127.0.0.1:9/hooks"])
            Assert.Contains(text, html, StringComparison.Ordinal);
        Assert.DoesNotContain(SimulatorHost.Secret, html, StringComparison.Ordinal);
        Assert.DoesNotContain(SimulatorHost.Key, html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_run_no_script_and_their_forms_lead_nowhere_else()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (_, link) = await host.InviteAsync();

        using var front = await host.OpenAsync("");
        using var setup = await host.OpenAsync(link.Url!.Value.Reveal);

        Assert.Equal(
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            Assert.Single(front.Headers.GetValues("Content-Security-Policy")));

        // A browser follows a form's redirect only where the policy lets the form lead.
        Assert.Contains("form-action 'self' https://us.example;", Assert.Single(setup.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        foreach (var page in (HttpResponseMessage[])[front, setup])
        {
            var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(" style=", html, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("<html lang=\"en\">", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_form_of_another_origin_is_refused()
    {
        await using var host = await SimulatorHost.StartAsync();

        using var foreign = await host.SubmitAsync("actions/customers", origin: "https://evil.example", ("name", "Mallory"));
        using var sandboxed = await host.SubmitAsync("actions/customers", origin: "null", ("name", "Mallory"));
        using var own = await host.SubmitAsync("actions/customers", fields: ("name", "Customer 1"));

        Assert.Equal((403, 403, 303), ((int)foreign.StatusCode, (int)sandboxed.StatusCode, (int)own.StatusCode));
        Assert.Equal("Customer 1", Assert.Single(host.Platform.Customers()).Name);
    }

    [Fact]
    public async Task The_forms_of_the_front_page_do_what_they_say()
    {
        await using var host = await SimulatorHost.StartAsync();
        await DoAsync("actions/customers", ("name", "Customer 1"), ("external", "customer-1"));
        var customer = Assert.Single(host.Platform.Customers());
        await DoAsync("actions/setup-links", ("customer", customer.Id), ("success", "https://us.example/ok"), ("failure", ""));
        var link = Assert.Single(host.Platform.SetupLinks());
        Assert.Equal(("https://us.example/ok", null), (link.SuccessRedirectUrl, link.FailureRedirectUrl));
        await DoAsync("actions/setup-links/revoke", ("id", link.Id));
        Assert.NotNull(host.Platform.SetupLinks()[0].RevokedAt);

        var number = host.Platform.ConnectDirectly(customer.Id)!;
        await DoAsync("actions/numbers", ("id", number.Id), ("action", "disconnect"));
        Assert.False(host.Platform.Numbers()[0].IsConnected);

        await DoAsync("actions/webhooks", ("url", "http://127.0.0.1:9/hooks"), ("secret", "s"));
        var webhook = Assert.Single(host.Platform.Webhooks());
        await DoAsync("actions/webhooks/change", ("id", webhook.Id), ("shape", "envelope"));
        await DoAsync("actions/webhooks/change", ("id", webhook.Id), ("action", "pause"));
        Assert.Equal((DeliveryShape.Envelope, false), (host.Platform.Webhooks()[0].Shape, host.Platform.Webhooks()[0].Active));

        await DoAsync("actions/faults", ("delay", "50"), ("duplicate", ""));
        Assert.Equal((0.5, 0), (host.Platform.Dice.Plan.RateOf(FaultKind.Delay), host.Platform.Dice.Plan.RateOf(FaultKind.Duplicate)));
        await DoAsync("actions/faults", ("next", "drop_webhook"));
        Assert.Equal(1, host.Platform.Dice.Plan.Next[FaultKind.DropWebhook]);
        await DoAsync("actions/faults", ("all", "on"));
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.Equal(0.3, host.Platform.Dice.Plan.RateOf(kind)));

        var before = host.Platform.Clock.UtcNow;
        await DoAsync("actions/clock", ("advance", "90"));
        await DoAsync("actions/clock", ("factor", "60"));
        Assert.Equal((before + TimeSpan.FromMinutes(90), 60.0), (host.Platform.Clock.UtcNow, host.Platform.Clock.Factor));

        async Task DoAsync(string action, params (string Name, string Value)[] fields)
        {
            using var done = await host.SubmitAsync(action, fields: fields);
            Assert.Equal(303, (int)done.StatusCode);
            Assert.StartsWith("/?said=", done.Headers.Location?.OriginalString, StringComparison.Ordinal);
        }
    }

    private static RedirectParameters Parameters(Uri url)
    {
        var query = HttpUtility.ParseQueryString(url.Query);
        return RedirectReader.Read(query.AllKeys.Select(name => KeyValuePair.Create(name!, query.GetValues(name)!.Cast<string?>().ToArray())));
    }
}
