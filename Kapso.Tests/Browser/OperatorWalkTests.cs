using Kapso.Tests.Web;
using Microsoft.Playwright;

namespace Kapso.Tests.Browser;

/// <summary>What operators do, as they do it.</summary>
[Long]
public sealed class OperatorWalkTests
{
    [BrowserFact]
    public async Task A_held_welcome_is_found_from_the_overview_understood_and_settled()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync();

        await visitor.Page.Locator(".needs a", new() { HasText = "Held" }).ClickAsync();
        await visitor.FollowAsync(OperatorStage.Held);
        await visitor.SeeAsync("The message may have been sent: the platform did not answer in time.");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Settle as done this welcome" }).ClickAsync();
        await visitor.SeeAsync("It counts as done, on your word");
        Assert.Equal(EffectStatus.Held, await WelcomeOfAsync(stage, OperatorStage.Held));
        await visitor.PressAsync("Settle as done");

        await visitor.SeeAsync("It counts as done.");
        await visitor.SeeAsync("Operator: " + OperatorStage.Operator);
        Assert.Equal(EffectStatus.Done, await WelcomeOfAsync(stage, OperatorStage.Held));
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task A_dead_welcome_is_resent_and_the_page_shows_by_itself_that_it_went_out()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync();
        stage.Welcome = _ => EffectResult.Done;

        await visitor.Page.Locator(".needs a", new() { HasText = "Dead" }).ClickAsync();
        await visitor.SeeAsync("The receiver answered 410.");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Resend for " + OperatorStage.Dead }).ClickAsync();
        await visitor.PressAsync("Resend");

        await visitor.SeeAsync("It is being sent again.");
        await visitor.SeeAsync("welcome.resent");
        await visitor.SeeAsync("welcome.done");
        await visitor.SeeAsync("Nothing waits to be sent.");
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task An_action_that_is_cancelled_is_not_done()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync();
        await visitor.GoAsync(OperatorStage.PageOf(OperatorStage.Held));
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Resend this welcome" }).ClickAsync();
        await visitor.FollowAsync("Cancel");

        await visitor.SeeAsync("The message may have been sent");
        Assert.Equal(EffectStatus.Held, await WelcomeOfAsync(stage, OperatorStage.Held));
    }

    [BrowserFact]
    public async Task A_parked_delivery_is_looked_at_and_replayed_into_the_customers_timeline()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync();

        await visitor.FollowAsync("Parked");
        await visitor.Page.Locator("tbody a[href*='/parked/delivery']").First.ClickAsync();
        await visitor.SeeAsync("\"cust-late\"");
        await visitor.SeeAsync("1af7651916cd43dd8448eb211c80319c");
        await visitor.FollowAsync("Replay");
        await visitor.PressAsync("Replay");
        await visitor.SeeAsync("The delivery was replayed.");

        await visitor.GoAsync(OperatorStage.PageOf("cust-late"));
        await visitor.SeeAsync("parked.replayed");
        await visitor.SeeAsync("Operator: " + OperatorStage.Operator);
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task A_delivery_that_cannot_be_replayed_is_offered_to_be_discarded_only()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync();

        await visitor.GoAsync($"{OperatorStage.Root}/parked/delivery?id={stage.Broken}");
        await visitor.SeeAsync("It cannot be replayed.");
        Assert.Equal(0, await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Replay", Exact = true }).CountAsync());
        await visitor.FollowAsync("Discard");
        await visitor.PressAsync("Discard");
        await visitor.SeeAsync("The delivery was discarded.");
        await visitor.FollowAsync("Parked");
        await Assertions.Expect(visitor.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task Customers_are_found_by_id_number_and_status_page_by_page()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync();

        await visitor.FollowAsync("Customers");
        await visitor.Page.GetByLabel("Name, id or phone").FillAsync("many-");
        await visitor.PressAsync("Search");
        await visitor.SeeAsync("many-049");
        await Assertions.Expect(visitor.Page.Locator("tbody tr")).ToHaveCountAsync(50);
        await visitor.FollowAsync("Next page");
        await visitor.SeeAsync("many-059");
        await Assertions.Expect(visitor.Page.Locator("tbody tr")).ToHaveCountAsync(10);

        await visitor.Page.GetByLabel("Name, id or phone").FillAsync("100000000000002");
        await visitor.PressAsync("Search");
        await visitor.SeeAsync(OperatorStage.Held);
        await Assertions.Expect(visitor.Page.Locator("tbody tr")).ToHaveCountAsync(1);

        await visitor.Page.GetByLabel("Name, id or phone").FillAsync("");
        await visitor.Page.GetByLabel("Stands at").SelectOptionAsync("failed");
        await visitor.PressAsync("Search");
        await visitor.SeeAsync("cust-failed");
        await Assertions.Expect(visitor.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task A_customers_page_says_how_often_news_was_repeated_and_why_it_changed_nothing()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync();
        await visitor.GoAsync(OperatorStage.PageOf(OperatorStage.Steady));

        await visitor.SeeAsync("3 times");
        await visitor.SeeAsync("It said what was known already.");
        await visitor.SeeAsync("unproven");
        await Assertions.Expect(visitor.Page.Locator(".timeline li", new() { HasText = "trace 0af7651916cd43dd8448eb211c80319c" }).First).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task An_open_customers_page_shows_news_by_itself_but_disturbs_nobody_who_marks_a_text()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync();
        await visitor.GoAsync(OperatorStage.PageOf("cust-hinted"));
        await visitor.SeeAsync("Hinted");
        await visitor.Page.EvaluateAsync("window.kept = true");

        await stage.ObserveAsync("cust-hinted", ObservationKind.Created, "100000000000004", WebHost.Created);
        await visitor.SeeAsync("welcome.done");
        Assert.True(await visitor.Page.EvaluateAsync<bool>("window.kept"), "The page was loaded anew instead of being patched.");
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task The_overview_says_what_reconciliation_found_and_how_far_it_is()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync();
        await visitor.SeeAsync("The webhook is paused.");
        await visitor.SeeAsync("enable it again there");
        await visitor.SeeAsync("Reads the platform's list: 40 numbers so far.");
        await visitor.SeeAsync("68, of which 2 were news");
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task Everything_works_without_scripts_and_by_keyboard()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync(scripted: false);
        await visitor.GoAsync(OperatorStage.PageOf(OperatorStage.Held));
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Settle as done this welcome" }).FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.SeeAsync("on your word");
        await visitor.Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Settle as done" }).FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.SeeAsync("It counts as done.");
        Assert.Equal(EffectStatus.Done, await WelcomeOfAsync(stage, OperatorStage.Held));
    }

    private static async Task<EffectStatus?> WelcomeOfAsync(OperatorStage stage, string customer) =>
        (await stage.Host.Engine.FindAsync(new CustomerKey(WebHost.Project, customer), CancellationToken.None))
            ?.Numbers.Single().Welcome?.Status;
}
