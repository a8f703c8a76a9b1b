using System.Net;
using Kapso.Platform.Settings;
using Kapso.Web.Projects;
using Kapso.Web.TurnedAway;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.TurnedAway;

public sealed class TurnedAwayCounterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly TurnedAwayCounter _counter;

    public TurnedAwayCounterTests() => _counter = Serving("project-1", _time);

    [Fact]
    public void What_is_taken_out_is_gone()
    {
        var begun = _time.GetUtcNow();
        _counter.Count(TurnedAwayKind.SignatureWrong, "project-1", From("203.0.113.1"));
        _time.Advance(TimeSpan.FromSeconds(5));
        _counter.Count(TurnedAwayKind.SignatureWrong, "project-1", From("203.0.113.2"));
        _counter.Count(TurnedAwayKind.HintDropped, "project-1", times: 3);
        _counter.Count(TurnedAwayKind.KeyWrong, null, From("203.0.113.3"));

        var taken = _counter.Take().ToDictionary(one => one.ProjectId ?? "", one => one.Tallies);

        var wrong = taken["project-1"][0];
        Assert.Equal((TurnedAwayKind.SignatureWrong, 2, begun, _time.GetUtcNow()), (wrong.Kind, wrong.Count, wrong.FirstAt, wrong.LastAt));
        Assert.Equal(new NetworkCount("203.0.113.0/24", 2, _time.GetUtcNow()), Assert.Single(wrong.Networks));
        Assert.Equal((TurnedAwayKind.HintDropped, 3, 0), (taken["project-1"][1].Kind, taken["project-1"][1].Count, taken["project-1"][1].Networks.Count));
        Assert.Equal(TurnedAwayKind.KeyWrong, Assert.Single(taken[""]).Kind);
        Assert.Empty(_counter.Take());
    }

    [Fact]
    public void Whatever_comes_twenty_networks_of_served_projects_are_counted()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _counter.Count(TurnedAwayKind.SignatureWrong, "project-1", From($"10.{i / 256}.{i % 256}.1"));
            _counter.Count(TurnedAwayKind.SignatureWrong, $"not-served-{i}", From("10.0.0.1"));
        }

        var (projectId, tallies) = Assert.Single(_counter.Take());
        var tally = Assert.Single(tallies);
        Assert.Equal(("project-1", 10_000, 20, 20), (projectId, tally.Count, tally.Networks.Count, tally.Times.Count));
    }

    [Fact]
    public void Of_more_networks_the_last_are_counted()
    {
        var begun = _time.GetUtcNow();
        for (var i = 0; i < 50; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            _counter.Count(TurnedAwayKind.SignatureWrong, "project-1", From($"10.0.{i}.1"));
            _counter.Count(TurnedAwayKind.SignatureWrong, "project-1", From("203.0.113.9"));
        }

        var tally = Assert.Single(Assert.Single(_counter.Take()).Tallies);

        Assert.Equal(
            [.. Enumerable.Range(31, 19).Select(i => $"10.0.{i}.0/24"), "203.0.113.0/24"],
            tally.Networks.Select(network => network.Network).Order());
        Assert.Equal(50, tally.Networks.Single(network => network.Network == "203.0.113.0/24").Count);
        Assert.Equal(
            Enumerable.Range(41, 10).SelectMany(i => Enumerable.Repeat(begun + TimeSpan.FromMilliseconds(i), 2)), tally.Times);
    }

    [Fact]
    public void Every_kind_has_words_and_says_what_to_do()
    {
        var kinds = Enum.GetValues<TurnedAwayKind>();

        Assert.Equal(kinds.Length, kinds.Select(TurnedAwayWords.Of).Except(["others"]).Distinct().Count());
        Assert.All(kinds, kind => Assert.NotEmpty(TurnedAwayWords.Advice(kind)));
    }

    internal static TurnedAwayCounter Serving(string project, TimeProvider time)
    {
        var settings = new KapsoOptions();
        settings.Projects.Add(new ProjectOptions { Id = project });
        return new TurnedAwayCounter(new ProjectDirectory(Options.Create(settings)), time);
    }

    internal static DefaultHttpContext From(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return context;
    }
}
