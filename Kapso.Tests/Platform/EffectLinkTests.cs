using System.Collections.Concurrent;
using System.Diagnostics;

namespace Kapso.Tests.Platform;

// Listens to all spans of this process.
[Collection(RunsAlone.Name)]
public sealed class EffectLinkTests
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task An_attempt_belongs_to_its_deliverys_trace_and_a_later_one_is_linked_to_it(int attempt, bool linked)
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == KapsoTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var effect = new Effect
        {
            Id = "wel_1",
            Kind = EffectKind.Welcome,
            Attempt = attempt,
            TraceParent = TraceParent,
            CreatedAt = DateTimeOffset.UnixEpoch,
            DueAt = DateTimeOffset.UnixEpoch,
        };

        await EffectAttempt.RunAsync(new Sends(), new ClaimedEffect(new CustomerKey("project-1", "customer-1"), effect, null), (_, _) => { }, CancellationToken.None);

        var delivery = ActivityContext.Parse(TraceParent, null);
        var span = Assert.Single(ended, activity => activity.OperationName == "kapso.effect");
        Assert.Equal((delivery.TraceId, delivery.SpanId), (span.TraceId, span.ParentSpanId));
        Assert.Equal(linked ? [delivery.SpanId] : [], span.Links.Select(link => link.Context.SpanId));
    }

    private sealed class Sends : IEffectRunner
    {
        public EffectKind Kind => EffectKind.Welcome;

        public Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken) => Task.FromResult(EffectResult.Done);
    }
}
