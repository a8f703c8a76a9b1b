using System.Text;

namespace Kapso.Tests.TurnedAway;

/// <summary>The stored form of what was turned away.</summary>
public sealed class TurnedAwayRecordTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_is_kept_under_short_names()
    {
        var record = new TurnedAwayRecord().With(
            [new TurnedAwayTally(TurnedAwayKind.SignatureWrong, 2, Noon, Noon.AddSeconds(5), [new NetworkCount("203.0.113.0/24", 2, Noon)])], null, Noon);

        Assert.Equal(
            """{"k":{"SignatureWrong":{"d":{"739675":2},"l":"2026-03-01T12:00:05+00:00","n":[{"w":"203.0.113.0/24","c":2,"l":"2026-03-01T12:00:00+00:00"}],"r":2,"b":"2026-03-01T12:00:00+00:00"}}}""",
            Encoding.UTF8.GetString(record.Write()));
    }

    [Fact]
    public void A_kind_of_a_newer_version_is_passed_on_and_not_shown()
    {
        var stored = """{"k":{"OfLater":{"d":{"739675":7},"l":"2026-03-01T12:00:05+00:00","n":[],"r":7,"b":"2026-03-01T12:00:00+00:00"}}}"""u8;

        var record = TurnedAwayRecord.Read(stored).With([new TurnedAwayTally(TurnedAwayKind.KeyWrong, 1, Noon, Noon, [])], null, Noon);

        Assert.Contains("\"OfLater\":{\"d\":{\"739675\":7}", Encoding.UTF8.GetString(record.Write()), StringComparison.Ordinal);
        Assert.Equal(TurnedAwayKind.KeyWrong, Assert.Single(record.Show(null, Noon)).Kind);
    }

    [Fact]
    public void It_stays_small_whatever_comes()
    {
        var record = new TurnedAwayRecord();
        for (var minute = 0; minute < 20_000; minute += 7)
        {
            var now = Noon.AddMinutes(minute);
            record = record.With(
                Enum.GetValues<TurnedAwayKind>().Select(kind => new TurnedAwayTally(
                    kind, 1_000_000, now, now, [.. Enumerable.Range(0, 20).Select(i => new NetworkCount($"2001:db8:{minute:x}:{i}::/48", 1_000_000, now))])),
                null,
                now);
        }

        Assert.InRange(record.Write().Length, 1, 40 * 1024);
    }
}
