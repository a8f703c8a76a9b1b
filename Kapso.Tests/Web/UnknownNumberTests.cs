using System.Net;
using Kapso.Engines.Budget;
using Kapso.Platform.Numbers;
using Kapso.Simulator.World;
using Kapso.Tests.Platform.Api;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Web;

/// <summary>News of numbers that no customer is known for: the platform is asked whose they are.</summary>
public sealed class UnknownNumberTests
{
    [Fact]
    public async Task A_redirect_for_an_unknown_link_is_folded_into_the_customer_that_the_platform_names()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var host = await ServeAsync(simulator);
        var number = Connect(simulator);

        await host.ReadPageAsync($"/whatsapp/{WebHost.Project}/success?setup_link_id=unknown-link&status=completed&phone_number_id={number.Id}");

        await WebHost.UntilAsync("the number is connected", async () => (await FindAsync(host, number))?.Status == NumberStatus.Connected);
        var found = (await FindAsync(host, number))!;
        Assert.Equal((NumberSources.Api | NumberSources.Redirect, "unknown-link"), (found.Sources, found.SetupLinkId));
        Assert.Equal((number.Display, true), (found.Details?.DisplayPhoneNumber, found.DetailsProven));
        Assert.NotNull(found.Welcome);
        Assert.Equal(0, (await host.Engine.ReadActivityAsync(WebHost.Project, CancellationToken.None)).UnclaimedHints);
    }

    [Fact]
    public async Task A_redirect_for_a_number_that_is_nobodys_stays_a_hint()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var host = await ServeAsync(simulator);
        foreach (var number in (string[])["999999999999999", simulator.Platform.Sender.Id])
            await host.ReadPageAsync($"/whatsapp/{WebHost.Project}/success?setup_link_id=unknown-link&phone_number_id={number}");
        var known = Connect(simulator);
        await host.ReadPageAsync($"/whatsapp/{WebHost.Project}/success?phone_number_id={known.Id}");

        // They are asked for in the order in which they came.
        await WebHost.UntilAsync("the last number is connected", async () => (await FindAsync(host, known))?.Status == NumberStatus.Connected);
        Assert.Equal(2, (await host.Engine.ReadActivityAsync(WebHost.Project, CancellationToken.None)).UnclaimedHints);
        Assert.Single((await host.Engine.ListConnectionsAsync(new ConnectionQuery(WebHost.Project), CancellationToken.None)).Items);
    }

    [Fact]
    public async Task That_a_number_is_nobodys_is_kept_for_ten_minutes()
    {
        const string Number = "123456789012345";
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(200, """{"data":[]}"""));
        using var client = new Client(platform.BaseUrl);
        var time = new FakeTimeProvider();
        var owners = new NumberOwners(client.All, time);

        for (var i = 0; i < 5; i++)
            Assert.Equal((null, true), await AskAsync(Number));
        Assert.Contains($"/whatsapp/phone_numbers?phone_number_id={Number}&per_page=100 ", Assert.Single(platform.Requests).Line, StringComparison.Ordinal);
        Assert.False(owners.IsWorthAsking(Client.Project, Number));
        await AskAsync("2");
        Assert.Equal(2, platform.Requests.Count);

        time.Advance(TimeSpan.FromMinutes(10));
        Assert.True(owners.IsWorthAsking(Client.Project, Number));
        await AskAsync(Number);
        Assert.Equal(3, platform.Requests.Count);

        async Task<(CustomerKey?, bool)> AskAsync(string number)
        {
            var owner = await owners.AskAsync(Client.Project, number, CallPurpose.UnknownRedirect, CancellationToken.None);
            return (owner.Key, owner.IsTold);
        }
    }

    [Fact]
    public async Task A_platform_that_does_not_answer_says_nothing_of_a_number()
    {
        await using var platform = new ScriptedPlatform(
            ScriptedPlatform.Answer(200, """{"data":[{"phone_number_id":"2","customer_id":"customer-1"}],"meta":{"page":1,"total_pages":9}}"""));
        using var client = new Client(platform.BaseUrl);
        var owners = new NumberOwners(client.All, TimeProvider.System);

        var owner = await owners.AskAsync(Client.Project, "1", CallPurpose.UnknownRedirect, CancellationToken.None);

        Assert.Equal((null, false), (owner.Key, owner.IsTold));
        Assert.True(owners.IsWorthAsking(Client.Project, "1"));
        Assert.False(owners.IsWorthAsking("without-key", "1"));
    }

    [Fact]
    public async Task A_webhook_that_names_no_customer_is_folded_into_the_one_that_the_platform_names()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var host = await ServeAsync(simulator, TimeSpan.FromMilliseconds(50));
        var number = Connect(simulator);

        using var answer = await host.SendWebhookAsync(WebHost.FlatBody(number.Id, customer: null));
        Assert.Equal("""{"outcome":"parked"}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        await WebHost.UntilAsync("the number is connected", async () => (await FindAsync(host, number))?.Status == NumberStatus.Connected);
        Assert.Equal(NumberSources.Webhook, (await FindAsync(host, number))!.Sources);
        await WebHost.UntilAsync("nothing is parked", async () =>
            (await host.Engine.ListParkedAsync(WebHost.Project, null, 10, CancellationToken.None)).Items.Count == 0);
    }

    [Fact]
    public async Task What_is_said_of_the_account_of_a_number_waits_until_it_is_known_here_whoever_the_platform_names()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var host = await ServeAsync(simulator);
        var number = Connect(simulator);
        using var answer = await host.SendWebhookAsync($$"""{"phone_numbers":[{"id":"{{number.Id}}"}]}""", "whatsapp.account.disabled");
        var parked = (await host.Engine.ListParkedAsync(WebHost.Project, null, 10, CancellationToken.None)).Items[0];
        var replay = $"{WebHost.ApiOfProject}/parked/{parked.Id}/replay";

        using (var early = await host.ManageAsync(HttpMethod.Post, replay))
            Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Null(await FindAsync(host, number));

        using var created = await host.SendWebhookAsync(WebHost.FlatBody(number.Id, number.CustomerId));
        using (var late = await host.ManageAsync(HttpMethod.Post, replay))
            Assert.Equal(HttpStatusCode.OK, late.StatusCode);
        Assert.Single((await FindAsync(host, number))!.Attention!.Notices);
    }

    [Fact]
    public async Task A_number_on_its_way_out_is_gone_and_welcomes_nobody()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var host = await ServeAsync(simulator);
        var number = Connect(simulator);
        using var answer = await host.SendWebhookAsync(WebHost.FlatBody(number.Id, customer: null), "whatsapp.phone_number.deleted");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var parked = (await host.Engine.ListParkedAsync(WebHost.Project, null, 10, CancellationToken.None)).Items[0];
        using var replay = await host.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfProject}/parked/{parked.Id}/replay");

        Assert.Equal(HttpStatusCode.OK, replay.StatusCode);
        var found = await FindAsync(host, number);
        Assert.Equal((NumberStatus.Gone, null), (found?.Status, found?.Welcome));
    }

    private static Task<WebHost> ServeAsync(SimulatorHost simulator, TimeSpan? replayInterval = null) => WebHost.StartAsync(
        settings =>
        {
            settings.Platform.BaseUrl = simulator.BaseUrl;
            settings.Projects[0].ApiKey = SimulatorHost.Key;
        },
        replayInterval is { } interval ? WebHost.Patient with { ReplayInterval = interval } : null);

    private static PhoneNumber Connect(SimulatorHost simulator) =>
        simulator.Platform.ConnectDirectly(simulator.Platform.CreateCustomer("Customer 1", null)!.Id)!;

    private static async Task<Number?> FindAsync(WebHost host, PhoneNumber number) =>
        (await host.Engine.FindAsync(new CustomerKey(WebHost.Project, number.CustomerId!), CancellationToken.None))?.FindNumber(number.Id);
}
