namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    private static readonly ConnectionPolicy Reconnecting = WithApi with { ReconnectsByItself = true };

    [Fact]
    public async Task A_number_that_went_is_listed_when_its_reconnect_link_is_due_and_the_link_is_made_once_and_told()
    {
        await using var stage = await OpenAsync(Reconnecting);
        await GoAsync(stage);
        Assert.Equal([Stage.Customer1.CustomerId], await ToCheckAsync(stage, 10));
        var early = await ChangeAsync(stage, new IntendLink(Reconnect(stage, "early"), Replace: false));
        Assert.Equal(LinkOutcome.NotDue, early.Outcome);

        await stage.AdvanceAsync(TimeSpan.FromMinutes(15));
        var listed = Assert.Single(await stage.Engine.ListLinksToCheckAsync(Stage.Project, 10, CancellationToken.None));
        Assert.True(listed.CheckedAt <= stage.Now - SetupLink.BetweenLooks);
        var link = Reconnect(stage, "one");
        Assert.Equal(LinkOutcome.Applied, (await ChangeAsync(stage, new IntendLink(link, Replace: false))).Outcome);
        await stage.CrashAsync();
        Assert.Equal(LinkOutcome.InProgress, (await ChangeAsync(stage, new IntendLink(Reconnect(stage, "two"), Replace: false))).Outcome);
        await ChangeAsync(stage, new IssueLink(link.Id, Listed(link.Id) with { ExpiresAt = stage.Now.AddDays(30) }));

        await stage.EventuallyAsync("the link is told", () => Told(stage) is not null);
        Assert.Equal(("https://setup.example/one", Stage.PhoneNumberId), (Told(stage)!.Link?.Url?.Reveal, Told(stage)!.Effect.PhoneNumberId));
        Assert.Equal(LinkOutcome.NotDue, (await ChangeAsync(stage, new IntendLink(Reconnect(stage, "three"), Replace: false))).Outcome);
        var kept = Assert.Single((await stage.FindAsync(Stage.Customer1)).SetupLinks);
        Assert.Equal((Stage.PhoneNumberId, true), (kept.ReconnectsPhoneNumberId, kept.IsAutomatic));
    }

    [Fact]
    public async Task A_number_whose_reconnect_link_is_passed_over_is_listed_no_more_and_told_why()
    {
        await using var stage = await OpenAsync(Reconnecting);
        await GoAsync(stage, "customer");
        await stage.AdvanceAsync(TimeSpan.FromMinutes(15));

        Assert.Equal(LinkOutcome.NotDue, (await ChangeAsync(stage, new IntendLink(Reconnect(stage, "one"), Replace: false))).Outcome);

        await stage.CrashAsync();
        Assert.Empty(await ToCheckAsync(stage, 10));
        Assert.Contains((await stage.FindAsync(Stage.Customer1)).Timeline, line => line is { Event: "reconnect.passed_over", Detail: "The customer disconnected it." });
    }

    [Fact]
    public async Task A_number_that_is_connected_is_not_connected_again()
    {
        await using var stage = await OpenAsync(Reconnecting);
        await stage.ObserveAsync(Stage.Customer1, ObservationKind.ApiConnected);

        var refused = await ChangeAsync(stage, new IntendLink(Reconnect(stage, "one") with { IsAutomatic = false }, Replace: false));

        Assert.Equal(LinkOutcome.NotGone, refused.Outcome);
        Assert.Empty((await stage.FindAsync(Stage.Customer1)).SetupLinks);
    }

    private static ClaimedEffect? Told(Stage stage) =>
        stage.Notifies.Calls.FirstOrDefault(call => call.Effect.NotifyType == NotifyType.ReconnectLink);

    private static SetupLink Reconnect(Stage stage, string id) => stage.Link(id) with
    {
        Source = SetupLinkSource.Issued,
        ReconnectsPhoneNumberId = Stage.PhoneNumberId,
        IsAutomatic = true,
    };

    private static async Task GoAsync(Stage stage, string by = "meta")
    {
        var row = stage.News(ObservationKind.ApiConnected) with { Details = new NumberDetails { DisplayPhoneNumber = "+1 555-123-4567" } };
        await stage.Engine.ObserveAsync(Stage.Customer1, row, CancellationToken.None);
        var gone = stage.News(ObservationKind.Gone) with { Disconnection = new Disconnection { InitiatedBy = by } };
        await stage.Engine.ObserveAsync(Stage.Customer1, gone, CancellationToken.None);
    }
}
