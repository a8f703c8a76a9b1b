using OpenTelemetry.Trace;

namespace Kapso.ServiceDefaults;

/// <summary>
/// Keeps the traces that begin with a request or with the service's own work. The background work of a cluster (silos that look
/// after each other, timers that find nothing to do) makes several traces a second, among which nobody would find those.
/// </summary>
internal sealed class TraceRoots : Sampler
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";
    private const string OwnWork = "kapso.";

    /// <summary>
    /// These roots, and all that belongs to a trace that is kept. A sender that does not keep its own trace has not decided on
    /// ours: anybody may send a webhook.
    /// </summary>
    public static Sampler WithinTraces() => new ParentBasedSampler(new TraceRoots(), remoteParentNotSampled: new TraceRoots());

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => new(
        samplingParameters.Name == Request || samplingParameters.Name.StartsWith(OwnWork, StringComparison.Ordinal)
            ? SamplingDecision.RecordAndSample
            : SamplingDecision.Drop);
}
