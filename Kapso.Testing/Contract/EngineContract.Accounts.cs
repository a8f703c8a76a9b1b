using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task What_is_held_against_an_account_is_counted_listed_and_told_once_until_it_ends()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Created, "1");
        await stage.ObserveAsync(Customer1, ObservationKind.Created, "2");
        await stage.ObserveAsync(Customer2, ObservationKind.Created, "3");
        var end = stage.Now.AddDays(2);
        Assert.Equal(Outcome.Applied, await HoldAsync(stage, Customer1, "1", Restriction("SEND", end), "e-1"));
        Assert.Equal(Outcome.Duplicate, await HoldAsync(stage, Customer1, "1", Restriction("SEND", end), "e-1"));
        Assert.Equal(Outcome.Applied, await HoldAsync(stage, Customer1, "2", Restriction("SEND", end.AddDays(1)), "e-1"));
        Assert.Equal(Outcome.Applied, await HoldAsync(stage, Customer2, "3", new AccountNotice { Kind = AccountNoticeKind.Disabled }, "e-2"));

        Assert.Equal(3, await CountHeldAsync(stage));
        var pages = await ReadAllAsync(cursor =>
            stage.Engine.ListMarkedNumbersAsync(Project, NumberMark.Attention, cursor, 2, CancellationToken.None));
        Assert.Equal([2, 1], pages.Select(page => page.Count));
        MarkedNumber[] expected = [new("customer-1", "1", end), new("customer-1", "2", end.AddDays(1)), new("customer-2", "3")];
        Assert.Equal(expected, pages.SelectMany(page => page).OrderBy(row => row.PhoneNumberId));
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Equal(
            [("1", "account_restricted"), ("2", "account_restricted")],
            stage.Notifies.CallsFor(Customer1).Where(effect => effect.NotifyType == NotifyType.Attention).Select(effect => (effect.PhoneNumberId, effect.Detail)));
        Assert.Equal(NumberStatus.Connected, (await stage.NumberAsync(Customer1, "1")).Status);

        // Nothing is written when a restriction ends: whoever looks sees it.
        await stage.RestartAsync();
        await stage.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Equal(2, await CountHeldAsync(stage));
        pages = await ReadAllAsync(cursor =>
            stage.Engine.ListMarkedNumbersAsync(Project, NumberMark.Attention, cursor, 1, CancellationToken.None));
        Assert.Equal(expected[1..], pages.SelectMany(page => page).OrderBy(row => row.PhoneNumberId));
    }

    [Fact]
    public async Task A_mark_that_ends_gets_another_end_and_goes_with_the_reinstatement_or_the_number()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Created, "1");
        await stage.ObserveAsync(Customer1, ObservationKind.Created, "2");
        foreach (var number in (string[])["1", "2"])
        {
            await HoldAsync(stage, Customer1, number, Restriction("SEND", stage.Now.AddDays(1)), "e-1");
            await HoldAsync(stage, Customer1, number, new AccountNotice { Kind = AccountNoticeKind.Disabled }, "e-2");
        }

        await stage.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Equal(2, await CountHeldAsync(stage));
        Assert.All(
            (await stage.Engine.ListMarkedNumbersAsync(Project, NumberMark.Attention, null, 10, CancellationToken.None)).Items,
            row => Assert.Null(row.Until));

        await stage.ObserveAsync(Customer1, ObservationKind.Gone, "1");
        await stage.EventuallyAsync("the number that went is not marked", async () => await CountHeldAsync(stage) == 1);
        await stage.Engine.ObserveAsync(
            Customer1,
            stage.News(ObservationKind.AccountChanged, "2") with { Account = new AccountNews { EventId = "e-3", Reinstated = true } },
            CancellationToken.None);
        await stage.EventuallyAsync("none is marked", async () => await CountHeldAsync(stage) == 0);
        Assert.Empty((await stage.Engine.ListMarkedNumbersAsync(Project, NumberMark.Attention, null, 10, CancellationToken.None)).Items);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        await HoldAsync(stage, Customer1, "2", Restriction("SEND", stage.Now.AddDays(1)), "e-4");
        Assert.Equal(1, await CountHeldAsync(stage));
    }

    [Fact]
    public async Task Why_a_number_went_and_how_it_was_connected_is_kept()
    {
        await using var stage = await OpenAsync();
        var why = new Disconnection { Reason = "primary_inactivity", InitiatedBy = "system", SourceEvent = "PARTNER_REMOVED" };
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.Engine.ObserveAsync(
            Customer1, stage.News(ObservationKind.Gone) with { ConnectionType = "coexistence", Disconnection = why }, CancellationToken.None);
        await stage.RestartAsync();

        var number = await stage.NumberAsync(Customer1);
        Assert.Equal((NumberStatus.Gone, why, "coexistence"), (number.Status, number.Disconnection, number.ConnectionType));
    }

    private static AccountNotice Restriction(string type, DateTimeOffset until) =>
        new() { Kind = AccountNoticeKind.Restricted, Type = type, Until = until };

    private static async Task<Outcome> HoldAsync(Stage stage, CustomerKey key, string number, AccountNotice notice, string eventId) =>
        (await stage.Engine.ObserveAsync(
            key,
            stage.News(ObservationKind.AccountChanged, number) with
            {
                OccurredAt = stage.Now.AddSeconds(-1),
                Account = new AccountNews { EventId = eventId, Notices = [notice] },
            },
            CancellationToken.None)).Outcome;

    private static async Task<long> CountHeldAsync(Stage stage) =>
        (await stage.Engine.CountAsync(Project, CancellationToken.None)).NumbersAttention;
}
