using OpenTelemetry.Trace;

namespace Kapso.ServiceDefaults;

/// <summary>
/// Keeps the traces that begin with a request or with the service's own work. The household of a cluster (silos that look
/// after each other, timers that find nothing to do) makes several traces a second, among which nobody would find those.
/// </summary>
internal sealed class TraceRoots : Sampler
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";
    private const string OwnWork = "kapso.";

    /// <summary>This one, within what the caller has decided. The standard setting goes before it, unless that says what an application host always sets.</summary>
    public static Sampler Sampler(string? setting) => setting switch
    {
        "always_off" => new AlwaysOffSampler(),
        _ => new ParentBasedSampler(new TraceRoots()),
    };

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => new(
        samplingParameters.Name == Request || samplingParameters.Name.StartsWith(OwnWork, StringComparison.Ordinal)
            ? SamplingDecision.RecordAndSample
            : SamplingDecision.Drop);
}
