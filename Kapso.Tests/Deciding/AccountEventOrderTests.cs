using FsCheck;
using FsCheck.Fluent;

namespace Kapso.Tests.Deciding;

/// <summary>Events of an account that carry the platform's time end alike, in whatever order and however often they arrive.</summary>
public sealed class AccountEventOrderTests
{
    private static readonly DateTimeOffset Ten = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    /// <summary>What happens to the account, in the test's own words.</summary>
    private sealed record Happening(int Second, string What, int Days)
    {
        public Observation ToObservation(int received) => new()
        {
            Kind = ObservationKind.AccountChanged,
            Source = Source.Webhook,
            Event = $"whatsapp.account.{What}",
            PhoneNumberId = Given.Number,
            ReceivedAt = Given.Noon.AddSeconds(received),
            OccurredAt = Ten.AddSeconds(Second),
            Account = new AccountNews
            {
                EventId = $"{What}-{Second}-{Days}",
                Reinstated = What == "reinstated",
                Notices = What switch
                {
                    "reinstated" => [],
                    "disabled" => [new AccountNotice { Kind = AccountNoticeKind.Disabled }],
                    "violation" => [new AccountNotice { Kind = AccountNoticeKind.Violation, Type = "SPAM" }],
                    "restricted" => [Restriction("ONE"), Restriction("TWO")],
                    _ => [Restriction(What)],
                },
            },
        };

        private AccountNotice Restriction(string type) =>
            new() { Kind = AccountNoticeKind.Restricted, Type = type, Until = Days == 0 ? null : Given.Noon.AddDays(Days) };
    }

    private static AccountAttention? After(IEnumerable<Happening> order)
    {
        var connection = Given.Standing(NumberStatus.Connected, Given.WithoutKey);
        foreach (var (i, happening) in order.Index())
            connection = connection.After(happening.ToObservation(i), Given.WithoutKey).Connection;
        return connection.TheNumber().Attention;
    }

    [Fact]
    public void Every_order_ends_alike_with_repeats_and_equal_times()
    {
        var happenings = Gen.Choose(0, 4).SelectMany(second => Gen.Choose(0, 2).SelectMany(days =>
            Gen.Elements("reinstated", "reinstated", "disabled", "violation", "restricted", "ONE", "THREE").Select(what => new Happening(second, what, days))));
        var orders = Gen.NonEmptyListOf(happenings).Select(all => all.ToArray())
            .SelectMany(all => Gen.Shuffle(all).Select(shuffled => (First: all, Second: shuffled)));

        Prop.ForAll(orders.ToArbitrary(), order =>
        {
            var (first, second) = (After(order.First), After(order.Second));
            var reinstated = order.First.Where(one => one.What == "reinstated").Select(one => (int?)one.Second).Max();
            var holds = order.First.Any(one => one.What != "reinstated" && !(one.Second < reinstated));
            return first == second
                && first?.SummaryAt(Given.Noon) is not null == holds
                && first?.SummaryAt(Given.Noon.AddYears(1)) is not null == HoldsForEver(order.First, reinstated);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    /// <summary>Whether something without an end holds: of each kind and type what came last, and of one time what lasts longest.</summary>
    private static bool HoldsForEver(IEnumerable<Happening> all, int? reinstated) => all
        .Where(one => one.What != "reinstated" && !(one.Second < reinstated))
        .SelectMany(one => one.What == "restricted" ? [(Key: "ONE", Of: one), (Key: "TWO", Of: one)] : (IEnumerable<(string Key, Happening Of)>)[(one.What, one)])
        .GroupBy(one => one.Key)
        .Any(group => group.Key is "disabled" or "violation"
            || group.Where(one => one.Of.Second == group.Max(other => other.Of.Second)).Any(one => one.Of.Days == 0));

    [Fact]
    public void Of_a_notice_and_a_reinstatement_of_one_time_the_notice_stays()
    {
        Happening[] order = [new(1, "disabled", 0), new(1, "reinstated", 0)];

        Assert.NotNull(After(order)!.SummaryAt(Given.Noon));
        Assert.NotNull(After(order.Reverse())!.SummaryAt(Given.Noon));
    }
}
