using Kapso.Connections.Redirects;

namespace Kapso.Tests.Deciding;

/// <summary>What a browser says of a setup link without its state proves nothing, and ends nothing.</summary>
public sealed class UnprovenLinkTests
{
    private const string State = "0123456789abcdef0123456789abcdef";
    private static readonly ConnectionPolicy Policy = Given.WithoutKey;

    [Fact]
    public void A_link_that_anybody_named_is_not_proven_by_the_webhook_of_the_number()
    {
        var connection = Connection.Empty(Given.Key).After(Success("somebody's"), Policy).Connection
            .After(ObservationKind.Created, Given.Noon.AddMinutes(1), Policy);

        Assert.Null(connection.TheNumber().ProvenSetupLinkId);
    }

    [Theory]
    [InlineData(SetupLinkSource.Issued, "platform-1")]
    [InlineData(SetupLinkSource.Registered, "platform-1")]
    public void A_link_of_ours_is_proven_by_its_state_whatever_else_the_browser_names(SetupLinkSource source, string expected)
    {
        var redirect = Success("somebody's") with { State = State };
        var first = Invited(source).After(redirect, Policy).Connection.After(ObservationKind.Created, Given.Noon.AddMinutes(1), Policy);
        var last = Invited(source).After(ObservationKind.Created, Given.Noon, Policy).After(redirect, Policy).Connection;

        Assert.Equal(expected, first.TheNumber().ProvenSetupLinkId);
        Assert.Equal(expected, last.TheNumber().ProvenSetupLinkId);
    }

    [Fact]
    public void A_proven_link_takes_the_place_of_one_that_was_only_named()
    {
        var connection = Invited(SetupLinkSource.Issued).After(Success("somebody's"), Policy).Connection
            .After(Success("platform-1") with { State = State }, Policy).Connection;
        Assert.Equal("platform-1", connection.TheNumber().ProvenSetupLinkId);

        connection = connection.After(Success("somebody's"), Policy).Connection;
        Assert.Equal("platform-1", connection.TheNumber().ProvenSetupLinkId);
    }

    [Fact]
    public void A_webhook_proves_the_link_that_it_names()
    {
        var webhook = Given.Observation(ObservationKind.Created, Given.Noon) with { SetupLinkId = "platform-7" };

        Assert.Equal("platform-7", Connection.Empty(Given.Key).After(webhook, Policy).Connection.TheNumber().ProvenSetupLinkId);
    }

    [Fact]
    public void A_link_that_only_the_browser_tied_to_its_state_is_proven_once_the_platform_lists_it_as_used()
    {
        var pair = new SetupLink { Id = "pair", State = State, CreatedAt = Given.Noon };
        var connection = Decisions.AddLink(Connection.Empty(Given.Key), pair, Policy, Given.Noon).Connection;
        connection = connection.After(Success("platform-9") with { State = State }, Policy).Connection;
        Assert.Equal("platform-9", connection.TheNumber().SetupLinkId);
        Assert.Null(connection.TheNumber().ProvenSetupLinkId);

        var listed = new FoldLinks([new ListedLink { PlatformId = "platform-9", Status = "used" }], IsWhole: true, Given.Noon.AddMinutes(5));
        connection = Decisions.ChangeLink(connection, listed, Policy, Given.Noon.AddMinutes(5)).Connection;

        Assert.Equal("platform-9", connection.TheNumber().ProvenSetupLinkId);
    }

    [Theory]
    [InlineData(SetupErrorCodes.LinkExpired)]
    [InlineData(SetupErrorCodes.FacebookAuthFailed)]
    public void A_failure_without_the_state_ends_no_link_and_fails_nobody(string code)
    {
        var failure = Given.Observation(ObservationKind.SetupFailed, Given.Noon.AddMinutes(1), null) with { SetupLinkId = "platform-1", ErrorCode = code };

        var decision = Invited(SetupLinkSource.Issued).After(failure, Policy);

        Assert.Equal(Outcome.Noted, decision.Outcome);
        Assert.Equal((SetupLinkStatus.Live, ConnectionStatus.Invited), (decision.Connection.SetupLinks[0].Status, decision.Connection.Status));
        Assert.NotNull(decision.Connection.SetupLinks[0].Url);
        Assert.Empty(decision.Connection.Outbox);
        Assert.Equal(code, decision.Connection.Timeline[^1].Detail);
    }

    [Theory]
    [InlineData(Given.Number)]
    [InlineData(null)]
    public void A_success_without_the_state_completes_no_link(string? number)
    {
        var connection = Invited(SetupLinkSource.Issued).After(Success("platform-1", number), Policy).Connection;

        Assert.Equal(SetupLinkStatus.Live, connection.SetupLinks[0].Status);
        Assert.NotNull(connection.SetupLinks[0].Url);
    }

    [Fact]
    public void The_proof_of_a_number_completes_the_link_that_its_hint_named()
    {
        var connection = Invited(SetupLinkSource.Issued).After(Success("platform-1"), Policy).Connection;
        connection = connection with { SetupLinks = connection.SetupLinks.Add(Link(SetupLinkSource.Issued) with { Id = "link-2", State = "other", PlatformId = "platform-2" }) };

        connection = connection.After(ObservationKind.Created, Given.Noon.AddMinutes(1), Policy);

        Assert.Equal([SetupLinkStatus.Completed, SetupLinkStatus.Live], connection.SetupLinks.Select(link => link.Status));
    }

    [Fact]
    public void A_link_that_expired_by_a_browsers_word_is_opened_again_by_the_platforms()
    {
        var failure = Given.Observation(ObservationKind.SetupFailed, Given.Noon.AddMinutes(1), null) with { State = State, ErrorCode = SetupErrorCodes.LinkExpired };
        var connection = Invited(SetupLinkSource.Issued).After(failure, Policy).Connection;
        Assert.Equal(SetupLinkStatus.Expired, connection.SetupLinks[0].Status);

        var url = new BearerSecret("https://platform.example.com/setup/1");
        var listed = new FoldLinks(
            [new ListedLink { PlatformId = "platform-1", Status = SetupLink.Active, Url = url }], IsWhole: true, Given.Noon.AddMinutes(5));
        connection = Decisions.ChangeLink(connection, listed, Policy, Given.Noon.AddMinutes(5)).Connection;

        Assert.Equal((SetupLinkStatus.Live, ConnectionStatus.Invited), (connection.SetupLinks[0].Status, connection.Status));
        Assert.Equal(url, connection.SetupLinks[0].Url);
        Assert.Contains(connection.Timeline, line => line.Event == "setup_link.reopened");
    }

    private static Observation Success(string link, string? number = Given.Number) =>
        Given.Observation(ObservationKind.RedirectSucceeded, Given.Noon, number) with { SetupLinkId = link };

    private static SetupLink Link(SetupLinkSource source) => new()
    {
        Id = "link-1",
        PlatformId = "platform-1",
        State = State,
        Source = source,
        Url = new BearerSecret("https://platform.example.com/setup/1"),
        CreatedAt = Given.Noon,
    };

    private static Connection Invited(SetupLinkSource source) =>
        Decisions.AddLink(Connection.Empty(Given.Key), Link(source), Policy, Given.Noon).Connection;
}
