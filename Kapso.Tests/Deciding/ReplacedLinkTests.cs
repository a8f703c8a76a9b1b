namespace Kapso.Tests.Deciding;

/// <summary>
/// A link that a newer one took the place of, while nobody knew what had become of it: the platform has the last word.
/// </summary>
public sealed class ReplacedLinkTests
{
    private static readonly ConnectionPolicy Policy = Given.WithKey;
    private static readonly DateTimeOffset Later = Given.Noon.AddHours(1);

    [Fact]
    public void It_counts_as_revoked_and_is_asked_about_until_the_platform_has_said_so()
    {
        var connection = Replaced();
        Assert.Equal([SetupLinkStatus.Revoked, SetupLinkStatus.Live], Statuses(connection));

        connection = Folded(connection, Listed("two") with { Status = "expired" });
        Assert.NotNull(connection.LinksCheckedAt);
        connection = Folded(connection, Listed("two") with { Status = "expired" }, Listed("one") with { Status = "revoked" });

        Assert.Equal([SetupLinkStatus.Revoked, SetupLinkStatus.Expired], Statuses(connection));
        Assert.Null(connection.LinksCheckedAt);
    }

    [Fact]
    public void One_that_the_platform_does_not_list_for_a_lifetime_is_asked_about_no_more()
    {
        var connection = Decisions.ChangeLink(Replaced(), new RevokeLink("two"), Policy, Given.Noon).Connection;
        connection = Fold(connection, new FoldLinks([], IsWhole: true, Later));
        Assert.NotNull(connection.LinksCheckedAt);
        connection = Fold(connection, new FoldLinks([], IsWhole: true, Given.Noon + SetupLink.Life + TimeSpan.FromDays(1)));

        Assert.Equal([SetupLinkStatus.Revoked, SetupLinkStatus.Revoked], Statuses(connection));
        Assert.Null(connection.LinksCheckedAt);
    }

    [Theory]
    [InlineData("used", "completed", SetupLinkStatus.Completed)]
    [InlineData("used", null, SetupLinkStatus.Completed)]
    [InlineData("revoked", "completed", SetupLinkStatus.Completed)]
    [InlineData("used", "failed", SetupLinkStatus.Revoked)]
    [InlineData("revoked", "pending", SetupLinkStatus.Revoked)]
    public void What_the_platform_lists_counts(string status, string? setup, SetupLinkStatus expected)
    {
        var connection = Folded(Replaced(), Listed("two"), Listed("one") with { Status = status, SetupStatus = setup });

        Assert.Equal([expected, SetupLinkStatus.Live], Statuses(connection));
        Assert.Equal(
            expected == SetupLinkStatus.Completed,
            connection.Timeline.Any(line => line is { Event: "setup_link.completed", Source: Source.Api, DeliveryId: "one" }));
    }

    [Fact]
    public void A_success_redirect_with_its_state_completes_it()
    {
        var redirect = Given.Observation(ObservationKind.RedirectSucceeded, Later) with { State = "state-one" };
        var connection = Replaced().After(redirect, Policy).Connection;

        Assert.Equal([SetupLinkStatus.Completed, SetupLinkStatus.Live], Statuses(connection));
    }

    [Fact]
    public void A_webhook_that_names_it_completes_it()
    {
        var created = Given.Observation(ObservationKind.Created, Later) with { SetupLinkId = "platform-one" };
        var connection = Replaced().After(created, Policy).Connection;

        Assert.Equal([SetupLinkStatus.Completed, SetupLinkStatus.Live], Statuses(connection));
    }

    [Fact]
    public void The_newer_link_that_a_webhook_seemed_to_complete_can_be_used_again()
    {
        var connection = Replaced().After(ObservationKind.Created, Later, Policy);
        Assert.Equal([SetupLinkStatus.Revoked, SetupLinkStatus.Completed], Statuses(connection));

        connection = Folded(connection, Listed("two"), Listed("one") with { Status = "used", SetupStatus = "completed" });

        Assert.Equal([SetupLinkStatus.Completed, SetupLinkStatus.Live], Statuses(connection));
        Assert.Equal("https://setup.example/two", connection.SetupLinks[1].Url?.Reveal);
        Assert.True(connection.SetupLinks[1].IsUsable(Later));
    }

    [Fact]
    public void A_newer_link_that_was_used_stays_completed_though_the_list_is_behind()
    {
        var connection = Replaced().After(ObservationKind.Created, Later, Policy);

        connection = Folded(connection, Listed("two"), Listed("one") with { Status = "revoked" });

        Assert.Equal([SetupLinkStatus.Revoked, SetupLinkStatus.Completed], Statuses(connection));
    }

    private static Connection Replaced()
    {
        var connection = Connection.Empty(Given.Key);
        foreach (var id in new[] { "one", "two" })
        {
            var link = new SetupLink { Id = id, State = "state-" + id, Source = SetupLinkSource.Issued, CreatedAt = Given.Noon };
            connection = Decisions.ChangeLink(connection, new IntendLink(link, Replace: true), Policy, Given.Noon).Connection;
            connection = Decisions.ChangeLink(connection, new IssueLink(id, Listed(id)), Policy, Given.Noon).Connection;
        }

        return connection;
    }

    private static ListedLink Listed(string id) => new()
    {
        PlatformId = "platform-" + id,
        LinkId = id,
        Status = "active",
        SetupStatus = "pending",
        Url = new BearerSecret("https://setup.example/" + id),
    };

    /// <summary>What the connection becomes by a list, the newest first.</summary>
    private static Connection Folded(Connection connection, params ListedLink[] links) =>
        Fold(connection, new FoldLinks([.. links], IsWhole: true, Later));

    private static Connection Fold(Connection connection, FoldLinks fold) =>
        Decisions.ChangeLink(connection, fold, Policy, fold.AskedAt).Connection;

    private static IEnumerable<SetupLinkStatus> Statuses(Connection connection) => connection.SetupLinks.Select(link => link.Status);
}
