using Kapso.ServiceDefaults.Logs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Logs;

public sealed class RepeatedLinesTests
{
    private const string Ours = "Kapso.Web.Webhooks.DeliveryFolder";

    private readonly FakeTimeProvider _time = new();
    private readonly RepeatedLines _lines;

    public RepeatedLinesTests() => _lines = new RepeatedLines(_time);

    [Fact]
    public void The_same_warning_is_told_once_a_minute()
    {
        var told = 0;
        for (var second = 0; second < 170; second++)
        {
            told += Tells(Ours) ? 1 : 0;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, told);
    }

    [Fact]
    public void Another_event_project_or_kind_of_failure_is_another_line()
    {
        Assert.True(Tells(Ours));
        Assert.True(Tells(Ours, id: 2));
        Assert.True(Tells(Ours, words: "Two classes that write to one log, each with an event 1."));
        Assert.True(Tells(Ours, project: "project-2"));
        Assert.True(Tells(Ours, exception: new TimeoutException()));
        Assert.True(Tells("Orleans.Runtime.Silo"));

        Assert.False(Tells(Ours, id: 2));
    }

    [Theory]
    [InlineData(Ours, LogLevel.Information)]
    [InlineData(Ours, LogLevel.Critical)]
    [InlineData("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.Error)]
    public void News_what_is_critical_and_what_the_web_framework_says_are_told_each_time(string category, LogLevel level)
    {
        Assert.True(Tells(category, level: level));
        Assert.True(Tells(category, level: level));
    }

    private bool Tells(
        string category, int id = 1, LogLevel level = LogLevel.Warning, string project = "project-1", Exception? exception = null,
        string words = "Delivery {ParkedId} of project {ProjectId} waits.")
    {
        KeyValuePair<string, object?>[] state =
            [new("ProjectId", project), new("ParkedId", Guid.NewGuid().ToString()), new("{OriginalFormat}", words)];
        return _lines.ShouldSample(new LogEntry<KeyValuePair<string, object?>[]>(
            level, category, new EventId(id), state, exception, static (_, _) => ""));
    }
}
