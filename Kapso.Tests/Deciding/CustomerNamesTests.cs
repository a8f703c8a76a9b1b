using FsCheck;
using FsCheck.Fluent;
using Outcome = Kapso.Connections.Timeline.Outcome;

namespace Kapso.Tests.Deciding;

/// <summary>What a customer is called, as webhooks and the platform's rows tell it.</summary>
public sealed class CustomerNamesTests
{
    private static readonly DateTimeOffset Ten = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    private static Observation Told(ObservationKind kind, string? ownId, string? name, int second = 0) =>
        Given.Observation(kind, Given.Noon.AddSeconds(second), kind == ObservationKind.Named ? null : Given.Number) with
        {
            Customer = new CustomerNames(ownId, name),
        };

    private static Connection After(params Observation[] all) =>
        all.Aggregate(Connection.Empty(Given.Key), (connection, one) => connection.After(one, Given.WithoutKey).Connection);

    private static (string?, string?) NamesAfter(params Observation[] all) => (After(all).OwnId?.Value, After(all).Name?.Value);

    [Fact]
    public void The_newer_word_of_the_platform_counts_and_silence_clears_nothing()
    {
        Assert.Equal(("a", "Maria"), NamesAfter(
            Told(ObservationKind.Created, "a", "Maria"), Given.Observation(ObservationKind.Created, Given.Noon.AddSeconds(1)),
            Told(ObservationKind.ApiConnected, null, null, 2)));
        Assert.Equal(("b", "Maria"), NamesAfter(Told(ObservationKind.Created, "a", "Maria"), Told(ObservationKind.Created, "b", null, 1)));
        Assert.Equal(("b", "Ana"), NamesAfter(Told(ObservationKind.Created, "a", "Maria"), Told(ObservationKind.ApiConnected, "b", "Ana", 1)));
        Assert.Equal(("b", null), NamesAfter(Told(ObservationKind.Named, "a", null), Told(ObservationKind.Gone, "b", null, 1)));
    }

    [Fact]
    public void News_of_the_same_instant_count_in_the_order_in_which_they_come() =>
        Assert.Equal(("a", null), NamesAfter(Told(ObservationKind.Created, "b", null), Told(ObservationKind.Created, "a", null)));

    [Fact]
    public void A_clock_that_was_set_back_holds_up_no_name() =>
        Assert.Equal(("b", null), NamesAfter(Told(ObservationKind.Created, "a", null, 3_600), Told(ObservationKind.Created, "b", null)));

    [Fact]
    public void A_delivery_that_waited_fills_in_what_is_not_known_and_overrules_nothing_newer()
    {
        var waited = Told(ObservationKind.Created, "old", "Old") with { Replayed = true };

        Assert.Equal(("new", "Old"), NamesAfter(Told(ObservationKind.Created, "new", null, 60), waited));
        Assert.Equal(("new", null), NamesAfter(waited with { Customer = new("old", null) }, Told(ObservationKind.Created, "new", null, 60)));
    }

    [Fact]
    public void What_a_browser_says_of_a_customer_is_not_taken() =>
        Assert.Equal((null, null), NamesAfter(Told(ObservationKind.RedirectSucceeded, "a", "Maria"), Told(ObservationKind.SetupFailed, "a", "Maria")));

    [Fact]
    public void Names_that_the_platform_tells_by_themselves_are_kept_and_noted_once()
    {
        var connection = After(Told(ObservationKind.Named, "a", "Maria"), Told(ObservationKind.Named, "a", "Maria", 5), Told(ObservationKind.Named, "a", "Maria", 9));

        Assert.Equal(("a", "Maria"), (connection.OwnId!.Value, connection.Name!.Value));
        Assert.Equal([(Outcome.Applied, 1L), (Outcome.Duplicate, 2L)], connection.Timeline.Select(line => (line.Outcome, line.Count)));
        Assert.All(connection.Timeline, line => Assert.Null(line.Detail));
        Assert.Equal((ConnectionStatus.None, 0), (connection.Status, connection.Outbox.Length));
    }

    [Fact]
    public void Where_a_connection_has_no_room_for_a_number_nothing_is_written_of_its_names()
    {
        var full = Connection.Empty(Given.Key);
        for (var i = 0; i < Connection.MaxNumbers; i++)
            full = full.After(Given.Observation(ObservationKind.Created, Given.Noon, $"1{i:00}"), Given.WithoutKey).Connection;

        var decision = full.After(Told(ObservationKind.Created, "a", "Maria"), Given.WithoutKey);

        Assert.Equal((Outcome.Full, (ToldText?)null), (decision.Outcome, decision.Connection.OwnId));
    }

    [Fact]
    public void Whoever_sends_an_effect_is_told_what_the_customer_is_called()
    {
        var claimed = After(Told(ObservationKind.Created, "a", "Maria")).Claimed(Given.Noon).Claimed;

        Assert.NotEmpty(claimed);
        Assert.All(claimed, effect => Assert.Equal(new CustomerNames("a", "Maria"), effect.Customer));
    }

    [Fact]
    public void Every_order_of_events_with_a_time_of_their_own_ends_with_the_same_names()
    {
        var news = Gen.Choose(0, 4).SelectMany(second => Gen.Elements("a", "b", "c", null)
            .SelectMany(ownId => Gen.Elements("x", "y", null).SelectMany(name => Gen.Elements(ObservationKind.Reconnected, ObservationKind.Gone)
                .Select(kind => Told(kind, ownId, name) with { OccurredAt = Ten.AddSeconds(second) }))));
        var orders = Gen.NonEmptyListOf(news).Select(all => all.ToArray())
            .SelectMany(all => Gen.Shuffle(all).Select(shuffled => (First: all, Second: shuffled)));

        Prop.ForAll(orders.ToArbitrary(), two =>
        {
            var expected = (Last(two.First, told => told.OwnId), Last(two.First, told => told.Name));
            return NamesAfter(two.First) == expected && NamesAfter(two.Second) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

        static string? Last(Observation[] all, Func<CustomerNames, string?> text) => all
            .Where(one => text(one.Customer!) is not null)
            .OrderBy(one => one.OccurredAt).ThenBy(one => text(one.Customer!), StringComparer.Ordinal)
            .Select(one => text(one.Customer!)).LastOrDefault();
    }

    [Theory]
    [InlineData("Maria Silva", "Maria Silva")]
    [InlineData("  Maria\r\n\tSilva \0 ", "Maria Silva")]
    [InlineData("A\u202Eevil\u202C\u2066b\u2069", "Aevilb")]
    [InlineData("مريم\u200F", "مريم\u200F")]
    [InlineData("क्\u200Dष", "क्\u200Dष")]
    [InlineData("\u2028\u202E \0", null)]
    [InlineData("\u200B\u200F", null)]
    [InlineData("", null)]
    public void A_name_is_kept_in_one_line_that_turns_nothing_around_it(string told, string? kept) => Assert.Equal(kept, PlainName.Of(told));

    [Fact]
    public void A_name_that_is_too_long_is_cut_between_characters()
    {
        Assert.Equal(PlainName.MaxLength, PlainName.Of(new string('n', 5_000))!.Length);
        Assert.Equal(string.Concat(Enumerable.Repeat("\U0001F600", PlainName.MaxLength / 2)), PlainName.Of(string.Concat(Enumerable.Repeat("\U0001F600", 500))));
    }

    [Fact]
    public void Nothing_of_names_and_phones_comes_into_a_log_by_itself()
    {
        var connection = After(Told(ObservationKind.Created, "own", "Maria") with { Details = new NumberDetails { DisplayPhoneNumber = "+1555", Name = "Maria" } });
        foreach (var value in (object[])[connection, connection.OwnId!, connection.Names!, connection.TheNumber(), connection.TheNumber().Details!])
        {
            Assert.DoesNotContain("Maria", value.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("+1555", value.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_later_webhook_fills_in_the_details_of_a_number_and_clears_none()
    {
        var connection = After(
            Given.Observation(ObservationKind.Created, Given.Noon) with { Details = new NumberDetails { DisplayPhoneNumber = "+1 555", BusinessAccountId = "waba" } },
            Given.Observation(ObservationKind.Created, Given.Noon.AddSeconds(1)) with { Details = new NumberDetails { DisplayPhoneNumber = "+1 556" } },
            Given.Observation(ObservationKind.ApiConnected, Given.Noon.AddSeconds(2)) with { Details = new NumberDetails { Name = "Shop", VerifiedName = "Shop Ltd" } });

        Assert.Equal(
            new NumberDetails { DisplayPhoneNumber = "+1 556", BusinessAccountId = "waba", Name = "Shop", VerifiedName = "Shop Ltd" },
            connection.TheNumber().Details);
    }

    [Fact]
    public void A_proof_makes_nothing_proven_that_only_a_browser_said()
    {
        var number = After(
            Given.Observation(ObservationKind.RedirectSucceeded, Given.Noon) with { Details = new NumberDetails { DisplayPhoneNumber = "+1 555" } },
            Given.Observation(ObservationKind.Created, Given.Noon.AddSeconds(1)) with { Details = new NumberDetails { BusinessAccountId = "waba" } }).TheNumber();

        Assert.Equal((true, (string?)null), (number.DetailsProven, number.Details!.DisplayPhoneNumber));
    }
}
