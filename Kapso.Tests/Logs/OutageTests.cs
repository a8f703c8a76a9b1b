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

    [Fact]
    public void What_fails_now_and_then_is_told_once_a_minute()
    {
        var outage = new Outage("The receiver at app.example.com", "What is meant for it waits.", _time, _lines, flaps: true);

        for (var second = 0; second < 150; second++)
        {
            outage.Failed("it answered 500");
            outage.Answered();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        string[] gone = ["Warning: The receiver at app.example.com is away: it answered 500. What is meant for it waits.", "Information: The receiver at app.example.com is back after 00:00:00."];
        Assert.Equal([.. gone, .. gone, .. gone], _lines.All);
    }

    [Fact]
    public void What_goes_again_and_stays_away_is_told_when_the_minute_is_over()
    {
        var outage = new Outage("The receiver", "What is meant for it waits.", _time, _lines, flaps: true);
        outage.Failed("it answered 500");
        outage.Answered();
        _time.Advance(TimeSpan.FromSeconds(20));

        outage.Failed("it answered 503");
        Assert.Equal(2, _lines.All.Count);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("Warning: The receiver is away: it answered 503. What is meant for it waits.", _lines.All[^1]);
        _time.Advance(TimeSpan.FromSeconds(20));
        outage.Answered();

        Assert.Equal("Information: The receiver is back after 00:01:00.", _lines.All[^1]);
        Assert.Equal(4, _lines.All.Count);
    }
}
