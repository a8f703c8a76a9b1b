using System.Diagnostics.Metrics;

namespace Kapso.Tests.TurnedAway;

/// <summary>What counting costs, and what it says to meters: without others that count at the same time.</summary>
[Collection(RunsAlone.Name)]
public sealed class TurnedAwayCostTests
{
    [Fact]
    public void A_refused_request_is_counted_without_an_allocation()
    {
        var counter = TurnedAwayCounterTests.Serving("project-1", TimeProvider.System);
        var contexts = Enumerable.Range(0, 20).Select(i => TurnedAwayCounterTests.From($"10.0.{i}.1")).ToArray();
        Count();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            Count();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000); // 20,000 requests

        void Count()
        {
            foreach (var context in contexts)
                counter.Count(TurnedAwayKind.SignatureWrong, "project-1", context);
        }
    }

    [Fact]
    public void The_metric_has_the_reason_and_nothing_of_who_it_was()
    {
        var measured = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Name == "kapso.turned_away")
                    all.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            measured.Add($"{count} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}"));
        listener.Start();

        var counter = TurnedAwayCounterTests.Serving("project-1", TimeProvider.System);
        counter.Count(TurnedAwayKind.SignatureWrong, "project-1", TurnedAwayCounterTests.From("203.0.113.1"));
        counter.Count(TurnedAwayKind.HintDropped, "project-1", times: 2);
        counter.Count(TurnedAwayKind.SignatureWrong, "not-served", TurnedAwayCounterTests.From("203.0.113.1"));

        Assert.Equal(["1 reason=signature_wrong", "2 reason=hint_dropped"], measured);
    }
}
