using System.Diagnostics;

namespace Kapso.Web.Hosting;

/// <summary>
/// Has the framework make an activity for each request, so that a trace's context is kept with what a request leads to. It
/// would do so for the sake of its request lines, which <see cref="QuietRequestLogging"/> turns off.
/// </summary>
internal sealed class RequestActivities : IDisposable
{
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
    };

    /// <summary>Begins to listen.</summary>
    public RequestActivities() => ActivitySource.AddActivityListener(_listener);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
