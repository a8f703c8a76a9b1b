using System.Diagnostics;
using Kapso.ServiceDefaults;
using OpenTelemetry.Trace;

namespace Kapso.Tests.Platform;

public sealed class TraceRootsTests
{
    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.HttpRequestIn", SamplingDecision.RecordAndSample)]
    [InlineData("kapso.effect", SamplingDecision.RecordAndSample)]
    [InlineData("IMembershipService/Ping", SamplingDecision.Drop)]
    [InlineData("IGrainTimerInvoker/InvokeCallbackAsync", SamplingDecision.Drop)]
    [InlineData("ZRANGEBYSCORE", SamplingDecision.Drop)]
    public void Traces_begin_with_work(string name, SamplingDecision decision)
    {
        var begins = new SamplingParameters(default, ActivityTraceId.CreateRandom(), name, ActivityKind.Internal);

        Assert.Equal(decision, new TraceRoots().ShouldSample(begins).Decision);
    }

    [Fact]
    public void What_belongs_to_a_trace_that_is_kept_is_kept()
    {
        var parent = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        var call = new SamplingParameters(parent, parent.TraceId, "IConnectionGrain/ObserveAsync", ActivityKind.Client);

        Assert.Equal(SamplingDecision.RecordAndSample, TraceRoots.WithinTraces().ShouldSample(call).Decision);
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.HttpRequestIn", SamplingDecision.RecordAndSample)]
    [InlineData("IConnectionGrain/ObserveAsync", SamplingDecision.Drop)]
    public void A_sender_that_drops_its_own_trace_does_not_drop_ours(string name, SamplingDecision decision)
    {
        var sender = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, isRemote: true);
        var arrives = new SamplingParameters(sender, sender.TraceId, name, ActivityKind.Server);

        Assert.Equal(decision, TraceRoots.WithinTraces().ShouldSample(arrives).Decision);
    }
}
