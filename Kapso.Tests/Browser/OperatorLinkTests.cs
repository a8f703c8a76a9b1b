using Kapso.Tests.Web;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;

namespace Kapso.Tests.Browser;

/// <summary>An operator makes setup links, hands them out and takes them back, with the simulated platform behind the service.</summary>
[Long]
public sealed class OperatorLinkTests : IAsyncLifetime
{
    private SimulatorHost _platform = null!;
    private WebHost _service = null!;
    private string _customer = "";

    public async ValueTask InitializeAsync()
    {
        _platform = await SimulatorHost.StartAsync();
        _customer = _platform.Platform.CreateCustomer("Customer 1", null)!.Id;
        _service = await WebHost.StartAsync(
            options =>
            {
                options.Projects[0].ApiKey = SimulatorHost.Key;
                options.Platform.BaseUrl = _platform.BaseUrl;
            },
            time: new FakeTimeProvider(_platform.Platform.Clock.UtcNow), // A link ends by the platform's time.
            server: true,
            environment: "Development");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _platform.DisposeAsync();
    }

    [BrowserFact]
    public async Task A_link_is_made_copied_and_revoked_and_the_timeline_says_by_whom()
    {
        await using var visitor = await SignInAsync();
        await visitor.Page.GetByLabel("A setup link for a customer").FillAsync(_customer);
        await visitor.PressAsync("New link…");
        await visitor.Page.GetByLabel("Language of the setup").SelectOptionAsync("ar");
        await visitor.AssertUsableAsync();
        Assert.Empty(_platform.Platform.SetupLinks());
        await visitor.PressAsync("Make the link");

        await visitor.SeeAsync("The setup link is ready.");
        var made = Assert.Single(_platform.Platform.SetupLinks());
        Assert.Equal(made.Url, await visitor.Page.GetByLabel("Address of the setup link").InputValueAsync());
        await visitor.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await visitor.PressAsync("Copy");
        await visitor.SeeAsync("Copied");
        Assert.Equal(made.Url, await visitor.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await visitor.SeeAsync("link.asked_for");
        await visitor.SeeAsync("Operator: " + OperatorStage.Operator);
        await visitor.AssertUsableAsync();

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Revoke this link" }).ClickAsync();
        await visitor.SeeAsync("Whoever has it cannot use it any more.");
        await visitor.AssertUsableAsync();
        Assert.Equal(SetupLinkStatus.Live, await StatusAsync());
        await visitor.PressAsync("Revoke");
        await visitor.SeeAsync("The setup link was revoked.");
        await visitor.SeeAsync("link.revoke_asked_for");
        Assert.Equal(SetupLinkStatus.Revoked, await StatusAsync());
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task A_link_that_can_be_used_is_replaced_only_where_that_is_asked_for()
    {
        await using var visitor = await SignInAsync();
        await MakeAsync(visitor, replace: false);
        await MakeAsync(visitor, replace: false);
        Assert.Single(_platform.Platform.SetupLinks());
        await MakeAsync(visitor, replace: true);
        Assert.Equal(2, _platform.Platform.SetupLinks().Count);
        Assert.Equal(1, await visitor.Page.GetByLabel("Address of the setup link").CountAsync());
    }

    [BrowserFact]
    public async Task What_the_platform_refuses_is_said()
    {
        await using var visitor = await SignInAsync();
        await visitor.GoAsync($"{OperatorStage.Root}/customer/link?id=nobody-the-platform-knows");
        await visitor.PressAsync("Make the link");
        await visitor.SeeAsync("There is no new link");
        await visitor.SeeAsync("The platform refused it");
        visitor.AssertNoComplaints(refused: true);
    }

    private async Task<Visitor> SignInAsync()
    {
        var visitor = await Visitor.OpenAsync(_service.Client.BaseAddress!);
        await visitor.GoAsync(OperatorStage.Root + "/customers");
        await OperatorStage.SignInAsync(visitor);
        await visitor.SeeAsync("No customer is like this.");
        return visitor;
    }

    private async Task MakeAsync(Visitor visitor, bool replace)
    {
        await visitor.GoAsync($"{OperatorStage.Root}/customer/link?id={_customer}");
        if (replace)
            await visitor.Page.GetByLabel("Replace the link that the customer has").CheckAsync();
        await visitor.PressAsync("Make the link");
        await visitor.SeeAsync("The setup link is ready.");
    }

    private async Task<SetupLinkStatus> StatusAsync() =>
        (await _service.Engine.FindAsync(new CustomerKey(WebHost.Project, _customer), CancellationToken.None))!.SetupLinks.Single().Status;
}
