using Kapso.Connections.Redirects;

namespace Kapso.Tests.Deciding;

public sealed class LinkTests
{
    private const string State = "0123456789abcdef0123456789abcdef";
    private static readonly ConnectionPolicy Policy = Given.WithoutKey;

    private static Connection Invited(string id = "link-1", string state = State) => Decisions.AddLink(
        Connection.Empty(Given.Key), new SetupLink { Id = id, State = state, CreatedAt = Given.Noon }, Policy, Given.Noon).Connection;

    private static Observation Failure(string code, int minutes = 1) =>
        Given.Observation(ObservationKind.SetupFailed, Given.Noon.AddMinutes(minutes), null) with { State = State, ErrorCode = code };

    [Fact]
    public void A_live_link_means_invited_and_adding_it_again_changes_nothing()
    {
        var connection = Invited();
        Assert.Equal(ConnectionStatus.Invited, connection.Status);
        var again = Decisions.AddLink(connection, connection.SetupLinks[0], Policy, Given.Noon);
        Assert.Equal(Outcome.Duplicate, again.Outcome);
        Assert.Same(connection, again.Connection);
    }

    [Fact]
    public void A_failed_setup_is_kept_with_its_link_told_once_for_each_code_and_counted()
    {
        var connection = Invited();
        foreach (var code in new[] { SetupErrorCodes.FacebookAuthFailed, SetupErrorCodes.FacebookAuthFailed, SetupErrorCodes.WabaLimitReached, "<script>" })
            connection = connection.After(Failure(code), Policy).Connection;

        Assert.Equal(ConnectionStatus.Failed, connection.Status);
        Assert.Equal(
            [SetupErrorCodes.FacebookAuthFailed, SetupErrorCodes.WabaLimitReached, SetupErrorCodes.Unknown],
            connection.SetupLinks[0].ErrorCodes);
        Assert.Equal(
            [SetupErrorCodes.FacebookAuthFailed, SetupErrorCodes.WabaLimitReached, SetupErrorCodes.Unknown],
            connection.Outbox.Select(effect => effect.Detail!));
        Assert.All(connection.Outbox, effect => Assert.Equal(NotifyType.SetupFailed, effect.NotifyType));
        Assert.Contains(connection.Timeline, line => line is { Outcome: Outcome.Duplicate, Detail: SetupErrorCodes.FacebookAuthFailed });
    }

    [Fact]
    public void A_failed_setup_never_undoes_a_connected_number()
    {
        var connection = Invited().After(ObservationKind.Created, Given.Noon.AddMinutes(1), Policy);
        connection = connection.After(Failure(SetupErrorCodes.AlreadyUsed, 2), Policy).Connection;

        Assert.Equal(ConnectionStatus.Connected, connection.Status);
        Assert.Equal(SetupLinkStatus.Completed, connection.SetupLinks[0].Status);
        Assert.Empty(connection.SetupLinks[0].ErrorCodes);
        Assert.DoesNotContain(connection.Outbox, effect => effect.NotifyType == NotifyType.SetupFailed);
    }

    [Fact]
    public void A_setup_that_failed_can_still_be_completed()
    {
        var redirect = Given.Observation(ObservationKind.RedirectSucceeded, Given.Noon.AddMinutes(2)) with { State = State, SetupLinkId = "platform-1" };
        var connection = Invited().After(Failure(SetupErrorCodes.PhoneVerificationFailed), Policy).Connection.After(redirect, Policy).Connection;

        Assert.Equal(ConnectionStatus.Hinted, connection.Status);
        Assert.Equal((SetupLinkStatus.Completed, "platform-1"), (connection.SetupLinks[0].Status, connection.SetupLinks[0].PlatformId));
        Assert.Equal("platform-1", connection.TheNumber().SetupLinkId);
    }

    [Fact]
    public void A_redirect_of_the_oldest_form_names_no_number_and_completes_its_link()
    {
        var redirect = Given.Observation(ObservationKind.RedirectSucceeded, Given.Noon, null) with { State = State };
        var decision = Invited().After(redirect, Policy);

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Empty(decision.Connection.Numbers);
        Assert.Equal(SetupLinkStatus.Completed, decision.Connection.SetupLinks[0].Status);
        Assert.Equal(Outcome.Noted, decision.Connection.After(redirect, Policy).Outcome);
    }

    [Fact]
    public void An_expired_link_is_a_failed_setup_until_a_new_link_is_live()
    {
        var connection = Invited().After(Failure(SetupErrorCodes.LinkExpired), Policy).Connection;
        Assert.Equal((SetupLinkStatus.Expired, ConnectionStatus.Failed), (connection.SetupLinks[0].Status, connection.Status));

        connection = Decisions.AddLink(
            connection, new SetupLink { Id = "link-2", State = "other", CreatedAt = Given.Noon }, Policy, Given.Noon).Connection;
        Assert.Equal(ConnectionStatus.Invited, connection.Status);
    }

    [Fact]
    public void A_customer_who_connected_and_left_is_gone_and_not_invited()
    {
        var connection = Invited()
            .After(ObservationKind.Created, Given.Noon, Policy)
            .After(ObservationKind.Gone, Given.Noon.AddDays(1), Policy);
        Assert.Equal(ConnectionStatus.Gone, connection.Status);
    }
}
