using Kapso.Platform.Outages;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Logs;

public sealed class OutageTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Lines<Outage> _lines = new();

    [Fact]
    public void What_is_away_is_told_once_then_once_a_minute_and_once_when_it_is_back()
    {
        var outage = new Outage("Redis at localhost:6379", "Nothing can be made durable.", _time, _lines);

        for (var second = 0; second < 150; second++)
        {
            outage.Failed("it refused the connection");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        outage.Answered();
        outage.Answered();

        Assert.Equal(
            [
                "Warning: Redis at localhost:6379 is away: it refused the connection. Nothing can be made durable.",
                "Warning: Redis at localhost:6379 is still away after 00:01:00: it refused the connection.",
                "Warning: Redis at localhost:6379 is still away after 00:02:00: it refused the connection.",
                "Information: Redis at localhost:6379 is back after 00:02:30.",
            ],
            _lines.All);
    }

    [Fact]
    public void What_answers_is_not_told()
    {
        new Outage("Redis", "Nothing can be made durable.", _time, _lines).Answered();

        Assert.Empty(_lines.All);
    }

    [Fact]
    public void What_goes_again_is_told_again()
    {
        var outage = new Outage("Redis", "Nothing can be made durable.", _time, _lines);

        outage.Failed("it refused the connection");
        outage.Answered();
        outage.Failed("it closed the connection");

        Assert.Equal("Warning: Redis is away: it closed the connection. Nothing can be made durable.", _lines.All[^1]);
        Assert.Equal(3, _lines.All.Count);
    }
}
