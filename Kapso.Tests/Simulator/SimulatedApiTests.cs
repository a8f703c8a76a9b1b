using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Simulator.World;

namespace Kapso.Tests.Simulator;

/// <summary>Each call of the client, against the simulator over HTTP.</summary>
public sealed class SimulatedApiTests
{
    [Fact]
    public async Task A_customer_is_created_found_and_changed()
    {
        await using var host = await SimulatorHost.StartAsync();

        var created = await host.Api.CreateCustomerAsync("Customer 1", "customer-1", CancellationToken.None);
        var again = await host.Api.CreateCustomerAsync("Customer 1", "customer-1", CancellationToken.None);
        await host.Api.CreateCustomerAsync("Customer 2", "customer-2", CancellationToken.None);
        var found = await host.Api.ListCustomersAsync("customer-1", null, CallPurpose.Management, CancellationToken.None);
        var changed = await host.Api.ChangeCustomerAsync(created.Value!.Id, "Customer One", null, CancellationToken.None);
        var read = await host.Api.GetCustomerAsync(created.Value.Id, CallPurpose.Management, CancellationToken.None);
        var missing = await host.Api.GetCustomerAsync("nobody", CallPurpose.Management, CancellationToken.None);

        Assert.Equal((PlatformOutcome.Refused, 422), (again.Outcome, again.Status));
        Assert.Equal(created.Value, Assert.Single(found.Value!.Items));
        Assert.Equal(("Customer One", "customer-1"), (changed.Value?.Name, changed.Value?.ExternalCustomerId));
        Assert.Equal(changed.Value, read.Value);
        Assert.Equal((PlatformOutcome.Refused, 404, "The platform answered 404: Customer not found."), (missing.Outcome, missing.Status, missing.Error));
    }

    [Fact]
    public async Task Lists_are_read_page_by_page()
    {
        await using var host = await SimulatorHost.StartAsync();
        for (var i = 0; i < 250; i++)
            host.Platform.CreateCustomer($"Customer {i}", null);

        var seen = new List<string>();
        string? page = null;
        do
        {
            var list = await host.Api.ListCustomersAsync(null, page, CallPurpose.Management, CancellationToken.None);
            Assert.True(list.IsDone, list.Error);
            Assert.Equal(250, list.Value.TotalCount);
            seen.AddRange(list.Value.Items.Select(customer => customer.Name!));
            page = list.Value.Next;
        }
        while (page is not null);

        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"Customer {i}").Reverse(), seen);
    }

    [Fact]
    public async Task A_link_connects_a_number_again_and_no_other_and_refuses_what_does_not_go_with_that()
    {
        await using var host = await SimulatorHost.StartAsync();
        var customer = host.Platform.CreateCustomer("Customer 1", null)!.Id;
        var number = host.Platform.ConnectDirectly(customer)!;
        host.Platform.CreateWebhook(new Uri("https://service.example/webhook"), SimulatorHost.Secret, Events.All);
        host.Platform.Act(number.Id, NumberAction.Disconnect);
        var request = new SetupLinkRequest { ReconnectPhoneNumber = number.E164 };
        foreach (var (refused, why) in new[]
        {
            (request with { ProvisionPhoneNumber = true }, "provision_phone_number"),
            (request with { AllowedConnectionTypes = ["dedicated"] }, "allowed_connection_types"),
            (request with { AllowedConnectionTypes = ["coexistence", "dedicated"] }, "allowed_connection_types"),
            (request with { ReconnectPhoneNumber = "+15559999999" }, "reconnect_phone_number must match"),
        })
        {
            var answer = await host.Api.CreateSetupLinkAsync(customer, refused, CancellationToken.None);
            Assert.Equal((PlatformOutcome.Refused, 422), (answer.Outcome, answer.Status));
            Assert.Contains(why, answer.Error, StringComparison.Ordinal);
        }

        var link = await host.Api.CreateSetupLinkAsync(customer, request with { AllowedConnectionTypes = ["coexistence"] }, CancellationToken.None);
        using var page = await host.OpenAsync(link.Value!.Url?.Reveal!);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Connect WhatsApp again", html, StringComparison.Ordinal);
        Assert.DoesNotContain("A new made-up number", html, StringComparison.Ordinal);

        var end = host.Platform.Connect(link.Value.Id)!;
        Assert.Equal((number.Id, PhoneNumber.Connected), (end.Number!.Id, Assert.Single(host.Platform.Numbers(), one => one.CustomerId == customer).Status));
        Assert.Contains(host.Platform.Deliveries.NewestFirst(), delivery => delivery.Event == Events.Reconnected);
    }

    [Fact]
    public async Task A_new_setup_link_revokes_the_one_before()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, first) = await host.InviteAsync();

        var second = await host.Api.CreateSetupLinkAsync(customer, new SetupLinkRequest(), CancellationToken.None);
        var all = await host.Api.ListSetupLinksAsync(customer, null, null, CallPurpose.Management, CancellationToken.None);
        var active = await host.Api.ListSetupLinksAsync(customer, "active", null, CallPurpose.Management, CancellationToken.None);

        Assert.Equal([(second.Value!.Id, "active"), (first.Id, "revoked")], all.Value!.Items.Select(link => (link.Id, link.Status)));
        Assert.Equal(second.Value.Id, Assert.Single(active.Value!.Items).Id);
        Assert.NotNull(first.Token);
        Assert.All(all.Value.Items, link => Assert.Null(link.Token)); // told at creation only
        Assert.Equal([false, true], all.Value.Items.Select(link => link.CarriesState(SimulatorHost.State)));
    }

    [Fact]
    public async Task A_setup_link_is_revoked_extended_and_expires()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, link) = await host.InviteAsync();
        var end = host.Platform.Clock.UtcNow + TimeSpan.FromDays(1);

        var extended = await host.Api.ExtendSetupLinkAsync(customer, link.Id, end, CancellationToken.None);
        Assert.Equal(("active", end), (extended.Value?.Status, extended.Value?.ExpiresAt));
        host.Platform.Clock.Advance(TimeSpan.FromDays(2));
        var expired = await host.Api.ListSetupLinksAsync(customer, null, null, CallPurpose.Management, CancellationToken.None);
        Assert.Equal("expired", Assert.Single(expired.Value!.Items).Status);

        var revoked = await host.Api.RevokeSetupLinkAsync(customer, link.Id, CancellationToken.None);
        var elsewhere = await host.Api.RevokeSetupLinkAsync("another-customer", link.Id, CancellationToken.None);
        Assert.Equal("revoked", revoked.Value?.Status);
        Assert.Equal(PlatformOutcome.Refused, elsewhere.Outcome);
    }

    [Fact]
    public async Task A_connected_number_is_listed_as_the_customers_until_its_teardown_is_over()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, link) = await host.InviteAsync();

        var number = host.Platform.Connect(link.Id)!.Number!;
        var listed = await host.Api.ListNumbersAsync(customer, number.Id, null, CallPurpose.Confirmation, CancellationToken.None);
        var elsewhere = await host.Api.ListNumbersAsync("another-customer", number.Id, null, CallPurpose.Confirmation, CancellationToken.None);
        var alone = await host.Api.GetNumberAsync(number.Id, CallPurpose.Confirmation, CancellationToken.None);
        var health = await host.Api.GetNumberHealthAsync(number.Id, CallPurpose.Management, CancellationToken.None);
        var links = await host.Api.ListSetupLinksAsync(customer, null, null, CallPurpose.Management, CancellationToken.None);

        var row = Assert.Single(listed.Value!.Items);
        Assert.Equal((number.Id, customer, "CONNECTED", number.Display), (row.PhoneNumberId, row.CustomerId, row.Status, row.DisplayPhoneNumber));
        Assert.StartsWith("+1 555-", row.DisplayPhoneNumber, StringComparison.Ordinal);
        Assert.Equal(host.Platform.Clock.UtcNow, row.CreatedAt);
        Assert.Empty(elsewhere.Value!.Items);
        Assert.Equal(row, alone.Value);
        Assert.Equal("healthy", health.Value?.Status);
        Assert.Equal(("used", "completed"), (links.Value!.Items[0].Status, links.Value.Items[0].WhatsappSetupStatus));

        Assert.NotNull(host.Platform.Act(number.Id, NumberAction.Delete));
        Assert.True((await host.Api.GetNumberAsync(number.Id, CallPurpose.Confirmation, CancellationToken.None)).IsDone);
        host.Platform.Clock.Advance(SimulatedPlatform.Teardown);
        Assert.Equal(404, (await host.Api.GetNumberAsync(number.Id, CallPurpose.Confirmation, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task The_projects_webhook_is_subscribed_and_active_until_it_is_paused()
    {
        await using var host = await SimulatorHost.StartAsync(options => options.WebhookUrl = new Uri("http://127.0.0.1:9/hooks"));

        var webhook = Assert.Single((await host.Api.ListWebhooksAsync(null, CallPurpose.Reconciliation, CancellationToken.None)).Value!.Items);
        Assert.True(webhook.Active && webhook.IsOfProject);
        Assert.Empty(webhook.MissingEvents);

        host.Platform.ChangeWebhook(webhook.Id, known => known with { Active = false, Events = [Events.Created] });
        var paused = Assert.Single((await host.Api.ListWebhooksAsync(null, CallPurpose.Reconciliation, CancellationToken.None)).Value!.Items);
        Assert.False(paused.Active);
        Assert.Equal(4, paused.MissingEvents.Count);
    }

    [Fact]
    public async Task A_message_is_listed_without_its_callback_data_and_the_truth_has_it()
    {
        await using var host = await SimulatorHost.StartAsync();
        var sender = host.Platform.Sender.Id;

        var sent = await host.Api.SendMessageAsync(sender, Welcome() with { CallbackData = "welcome-7" }, CancellationToken.None);
        var listed = await host.Api.ListMessagesAsync(sender, host.Platform.Clock.UtcNow, null, CallPurpose.Welcome, CancellationToken.None);
        var later = await host.Api.ListMessagesAsync(sender, host.Platform.Clock.UtcNow.AddSeconds(1), null, CallPurpose.Welcome, CancellationToken.None);
        var truth = await host.ControlAsync(HttpMethod.Get, "truth");

        var message = Assert.Single(listed.Value!.Items);
        Assert.Equal(
            (sent.Value!.Id, "15551234567", "template", "welcome", "outbound", "delivered"),
            (message.Id, message.To, message.Type, message.TemplateName, message.Direction, message.Status));
        Assert.Equal(host.Platform.Clock.UtcNow, message.Timestamp);
        Assert.Empty(later.Value!.Items);
        Assert.Equal("welcome-7", Assert.Single(truth.GetProperty("messages").EnumerateArray()).GetProperty("biz_opaque_callback_data").GetString());
    }

    [Fact]
    public async Task Many_messages_are_listed_by_cursor()
    {
        await using var host = await SimulatorHost.StartAsync();
        for (var i = 0; i < 230; i++)
            host.Platform.Send(host.Platform.Sender.Id, new MessageDraft($"1555{i:0000000}", "template", "welcome", "en", null));

        var seen = new List<string>();
        string? after = null;
        do
        {
            var list = await host.Api.ListMessagesAsync(
                host.Platform.Sender.Id, DateTimeOffset.UnixEpoch, after, CallPurpose.Welcome, CancellationToken.None);
            Assert.True(list.IsDone, list.Error);
            seen.AddRange(list.Value.Items.Select(message => message.To!));
            after = list.Value.Next;
        }
        while (after is not null);

        Assert.Equal(Enumerable.Range(0, 230).Select(i => $"1555{i:0000000}").Reverse(), seen);
    }

    [Theory]
    [InlineData("unheard_of", 400, "132001")]
    [InlineData("paused", 400, "132015")]
    public async Task A_template_that_cannot_be_sent_is_refused_with_metas_code(string template, int status, string code)
    {
        await using var host = await SimulatorHost.StartAsync();

        var sent = await host.Api.SendMessageAsync(host.Platform.Sender.Id, Welcome() with { Name = template }, CancellationToken.None);

        Assert.Equal((PlatformOutcome.Refused, status, code), (sent.Outcome, sent.Status, sent.Code));
        Assert.Empty(host.Platform.Messages());
    }

    [Fact]
    public async Task A_refusal_that_was_asked_for_comes_once()
    {
        await using var host = await SimulatorHost.StartAsync();
        await host.ControlAsync(HttpMethod.Post, "api/messages/refuse", """{"status":402,"text":"insufficient_credits"}""");

        var refused = await host.Api.SendMessageAsync(host.Platform.Sender.Id, Welcome(), CancellationToken.None);
        var sent = await host.Api.SendMessageAsync(host.Platform.Sender.Id, Welcome(), CancellationToken.None);
        var nowhere = await host.Api.SendMessageAsync("123456789012345", Welcome(), CancellationToken.None);

        Assert.Equal((402, "insufficient_credits"), (refused.Status, refused.Code));
        Assert.True(sent.IsDone);
        Assert.Equal(404, nowhere.Status);
    }

    [Fact]
    public async Task A_wrong_key_is_refused()
    {
        await using var host = await SimulatorHost.StartAsync();

        var refused = await host.Connect(key: "another-key").ListNumbersAsync(null, null, null, CallPurpose.Confirmation, CancellationToken.None);

        Assert.Equal((PlatformOutcome.Refused, 401), (refused.Outcome, refused.Status));
    }

    [Fact]
    public async Task It_works_below_a_path_of_a_host()
    {
        await using var host = await SimulatorHost.StartAsync(prefix: "/simulator");

        var (_, link) = await host.InviteAsync();
        using var page = await host.OpenAsync(link.Url!.Value.Reveal);

        Assert.StartsWith($"{host.BaseUrl}/setup/", link.Url.Value.Reveal, StringComparison.Ordinal);
        Assert.Equal(200, (int)page.StatusCode);
        Assert.Contains("action=\"/simulator/setup/", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static TemplateMessage Welcome() => new() { To = "+15551234567", Name = "welcome", Language = "en" };
}
