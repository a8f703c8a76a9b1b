using Kapso.Engines.Orleans.Sweep;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Silo.Tests.Sweeping;

public sealed class SetAsideTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Lines<SetAsideTests> _lines = new();
    private readonly SetAsideCustomers _aside;

    public SetAsideTests() => _aside = new SetAsideCustomers("project", new EngineClock(_time), _lines);

    [Fact]
    public void Who_could_not_be_woken_is_tried_at_the_next_pass_and_then_after_twice_as_long_each_time_up_to_a_minute()
    {
        _aside.Failed("a", new IOException());
        Assert.False(_aside.Has("a"));

        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            _aside.Failed("a", new IOException());
            _time.Advance(TimeSpan.FromSeconds(seconds - 0.5));
            Assert.True(_aside.Has("a"), $"It was to wait {seconds} s.");
            _time.Advance(TimeSpan.FromSeconds(0.5));
            Assert.False(_aside.Has("a"), $"It was to be tried after {seconds} s.");
        }

        _aside.Woken("a");
        _aside.Failed("a", new IOException());
        Assert.False(_aside.Has("a"));
        Assert.False(_aside.Has("b"));
    }

    [Fact]
    public void All_of_them_together_are_told_of_once_a_minute_and_once_when_it_is_over()
    {
        for (var second = 0; second < 90; second++)
        {
            _aside.Failed("a", new IOException());
            _aside.Failed("b", new IOException());
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _aside.Woken("a");
        _aside.Woken("b");
        _aside.Woken("b");

        Assert.Equal(
            [
                "Warning: Customer a of project project could not be woken (in all: 1); what is due for them waits, and is tried again.",
                "Warning: Customer a of project project could not be woken (in all: 2); what is due for them waits, and is tried again.",
                "Information: The customers of project project that could not be woken are awake after 00:01:30.",
            ],
            _lines.All);
    }

    [Fact]
    public void Whom_somebody_else_has_woken_is_forgotten()
    {
        _aside.Failed("a", new IOException());
        _aside.Forget();
        Assert.Single(_lines.All);

        _time.Advance(TimeSpan.FromMinutes(3));
        _aside.Forget();
        Assert.Equal(2, _lines.All.Count);
    }
}
