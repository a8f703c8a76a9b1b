namespace Kapso.Tests.Deciding;

/// <summary>A notify that waits tells what was so when it was decided, and not what is so when it is sent.</summary>
public sealed class DecidedFactsTests
{
    private static readonly NumberDetails First = new() { DisplayPhoneNumber = "+1 555-123-4567", BusinessAccountId = "1", Name = "Shop", VerifiedName = "Shop Ltd" };

    private static Observation Told(ObservationKind kind, DateTimeOffset at, NumberDetails details, CustomerNames names) =>
        Given.Observation(kind, at) with { Details = details, Customer = names };

    /// <summary>The notifies as they are sent, one after the other.</summary>
    private static List<ClaimedEffect> Sent(Connection connection)
    {
        var (sent, at) = (new List<ClaimedEffect>(), Given.Noon.AddDays(1));
        while (true)
        {
            (connection, var claimed) = connection.Claimed(at, Given.WithoutKey);
            if (claimed.FirstOrDefault(one => one.Effect.Kind == EffectKind.Notify) is not { } notify)
                return sent;
            sent.Add(notify);
            connection = Decisions.Settle(connection, notify.Effect.Id, notify.Effect.Attempt, EffectResult.Done, Given.WithoutKey, at).Connection;
        }
    }

    private static Connection Renamed() => Connection.Empty(Given.Key)
        .After(Told(ObservationKind.Created, Given.Noon, First, new("own-1", "Ana")) with { SetupLinkId = "link-1", ConnectionType = "dedicated" }, Given.WithoutKey).Connection
        .After(Told(ObservationKind.ApiConnected, Given.Noon.AddMinutes(1), new() { DisplayPhoneNumber = "+1 555-000-0000" }, new("own-2", "Bea")) with { NumberKind = "sandbox" }, Given.WithoutKey).Connection
        .After(Told(ObservationKind.Gone, Given.Noon.AddMinutes(2), First with { Name = "Third" }, new("own-3", "Cleo")) with
        {
            SetupLinkId = "link-2",
            ConnectionType = "coexistence",
            Disconnection = new Disconnection { Reason = "why" },
        }, Given.WithoutKey).Connection;

    [Fact]
    public void Names_details_and_link_are_those_of_the_decision()
    {
        var sent = Sent(Renamed());

        Assert.Equal([NotifyType.Connected, NotifyType.Gone], sent.Select(one => one.Effect.NotifyType));
        Assert.Equal(new CustomerNames("own-1", "Ana"), sent[0].Customer);
        Assert.Equal((First, "link-1", "dedicated"), (sent[0].Number!.Details, sent[0].Number!.ProvenSetupLinkId, sent[0].Number!.ConnectionType));
        Assert.Equal((null, null), (sent[0].Number!.Kind, sent[0].Number!.Disconnection));
        Assert.Equal(new CustomerNames("own-3", "Cleo"), sent[1].Customer);
        Assert.Equal(("sandbox", "why"), (sent[1].Number!.Kind, sent[1].Number!.Disconnection!.Reason));
    }

    [Fact]
    public void What_was_held_against_an_account_is_told_after_it_was_taken_back()
    {
        Observation Account(DateTimeOffset at, AccountNews news) =>
            Given.Observation(ObservationKind.AccountChanged, at) with { Source = Source.Webhook, Account = news };
        var connection = Given.Standing(NumberStatus.Connected, Given.WithoutKey)
            .After(Account(Given.Noon.AddMinutes(1), new() { Notices = [new AccountNotice { Kind = AccountNoticeKind.Disabled, Type = "DISABLE" }] }), Given.WithoutKey).Connection
            .After(Account(Given.Noon.AddMinutes(2), new() { Reinstated = true }), Given.WithoutKey).Connection;

        var told = Sent(connection).Where(one => one.Effect.NotifyType == NotifyType.Attention).ToList();

        Assert.Equal(["account_disabled", "account_reinstated"], told.Select(one => one.Effect.Detail));
        Assert.Equal("disabled: DISABLE", told[0].Number!.Attention!.SummaryAt(told[0].Effect.CreatedAt)!.Reason);
        Assert.Null(told[1].Number!.Attention!.SummaryAt(told[1].Effect.CreatedAt));
    }

    [Fact]
    public void What_a_browser_says_of_a_number_is_not_kept_to_be_told()
    {
        var hint = Given.Observation(ObservationKind.RedirectSucceeded, Given.Noon) with { Details = First, SetupLinkId = "link-1" };
        var connection = Connection.Empty(Given.Key).After(hint, Given.WithKey).Connection.After(ObservationKind.ApiAbsent, Given.Noon.AddHours(1), Given.WithKey);

        var facts = Assert.Single(connection.Outbox, effect => effect.NotifyType == NotifyType.Attention).Facts!;

        Assert.Equal((null, null), (facts.Number!.Details, facts.Number.SetupLinkId));
    }

    [Fact]
    public void One_that_an_earlier_version_decided_tells_what_is_so_when_it_is_sent()
    {
        var stored = Renamed();
        stored = stored with { Outbox = [.. stored.Outbox.Select(effect => effect with { Facts = null })] };

        var sent = Sent(stored);

        Assert.Equal((new CustomerNames("own-3", "Cleo"), "coexistence"), (sent[0].Customer, sent[0].Number!.ConnectionType));
    }
}
