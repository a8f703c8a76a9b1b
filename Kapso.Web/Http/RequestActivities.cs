using System.Diagnostics;

namespace Kapso.Web.Http;

/// <summary>
/// Has the framework make an activity for each request that belongs to a trace, so that the trace's context is kept with what
/// the request leads to. It would do so for the sake of its request lines, which <see cref="QuietRequestLogging"/> turns off.
/// A trace of our own begins only where somebody listens to it, such as an exporter.
/// </summary>
internal sealed class RequestActivities : IDisposable
{
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
        Sample = (ref ActivityCreationOptions<ActivityContext> request) =>
            request.Parent == default ? ActivitySamplingResult.None : ActivitySamplingResult.PropagationData,
    };

    /// <summary>Begins to listen.</summary>
    public RequestActivities() => ActivitySource.AddActivityListener(_listener);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
