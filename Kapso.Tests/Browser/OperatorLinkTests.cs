using Kapso.Simulator.World;
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
    public async Task A_number_that_went_is_connected_again_from_the_button_to_the_customers_page()
    {
        await GoAsync();
        await using var visitor = await SignInAsync(_customer);
        await visitor.GoAsync(OperatorStage.PageOf(_customer));
        await LookAsync(visitor, "reconnect-button");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Reconnect number" }).ClickAsync();
        await visitor.SeeAsync("connect this number again?");
        await LookAsync(visitor, "reconnect-asked");
        Assert.Empty(_platform.Platform.SetupLinks());
        await visitor.PressAsync("Reconnect");

        await visitor.SeeAsync("The link that connects the number again is ready.");
        await visitor.SeeAsync("reconnect.asked_for");
        await visitor.SeeAsync("Operator: " + OperatorStage.Operator);
        await LookAsync(visitor, "reconnect-made");
        var made = Assert.Single(_platform.Platform.SetupLinks());
        Assert.Equal(made.Url, await visitor.Page.GetByLabel("Address of the setup link").InputValueAsync());

        // The platform's page is another origin: a window of its own.
        await using var customer = await Visitor.OpenAsync(_platform.BaseUrl);
        await customer.GoAsync(made.Url);
        await customer.SeeAsync("Connect WhatsApp again");
        await customer.AssertUsableAsync();
        var number = _platform.Platform.Connect(made.Id)!.Number!;
        await ObserveAsync(ObservationKind.Reconnected, number.Id);
        await visitor.GoAsync($"{new Uri(made.SuccessRedirectUrl!).AbsolutePath}?phone_number_id={number.Id}");
        await visitor.SeeAsync("WhatsApp is connected again");
        await LookAsync(visitor, "reconnect-customer");
        visitor.AssertNoComplaints();
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

    private static async Task LookAsync(Visitor visitor, string name)
    {
        await visitor.AssertUsableInEveryLookAsync();
        if (!Pictures.IsWanted)
            return;
        foreach (var (colors, width) in from colors in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light] from width in (int[])[390, 1280] select (colors, width))
        {
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = colors });
            await visitor.Page.SetViewportSizeAsync(width, 900);
            await visitor.PictureAsync($"{name}-{colors.ToString().ToLowerInvariant()}-{width}");
        }
    }

    private async Task<Visitor> SignInAsync(string? customer = null)
    {
        var visitor = await Visitor.OpenAsync(_service.Client.BaseAddress!);
        await visitor.GoAsync(OperatorStage.Root + "/customers");
        await OperatorStage.SignInAsync(visitor);
        await visitor.SeeAsync(customer ?? "No customer is like this.");
        return visitor;
    }

    /// <summary>The customer's number was connected, and WhatsApp disconnected it.</summary>
    private async Task GoAsync()
    {
        var number = _platform.Platform.ConnectDirectly(_customer)!;
        await ObserveAsync(ObservationKind.ApiConnected, number.Id, number.Display);
        _platform.Platform.Act(number.Id, NumberAction.Offboard);
        await ObserveAsync(ObservationKind.Gone, number.Id);
    }

    private Task<Receipt> ObserveAsync(ObservationKind kind, string number, string? phone = null) => _service.Engine.ObserveAsync(
        new CustomerKey(WebHost.Project, _customer),
        new Observation
        {
            Kind = kind,
            Source = kind == ObservationKind.ApiConnected ? Source.Api : Source.Webhook,
            Event = kind.ToString(),
            PhoneNumberId = number,
            ReceivedAt = _platform.Platform.Clock.UtcNow,
            Details = phone is null ? null : new NumberDetails { DisplayPhoneNumber = phone },
            Disconnection = kind == ObservationKind.Gone ? new() { Reason = "account_offboarded", InitiatedBy = "meta" } : null,
        },
        CancellationToken.None);

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
