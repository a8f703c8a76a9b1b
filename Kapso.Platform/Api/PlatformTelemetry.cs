using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Kapso.Platform.Api;

/// <summary>What is counted and traced of the calls to the platform. Neither holds ids, URLs or bodies.</summary>
internal static class PlatformTelemetry
{
    /// <summary>Calls by <c>call</c> (method and route) and <c>end</c>.</summary>
    public static Counter<long> Calls { get; } =
        KapsoTelemetry.Meter.CreateCounter<long>("kapso.platform.calls", "{call}", "Calls to the platform's API.");

    /// <summary>Starts the span of one attempt: <c>kapso.platform</c>.</summary>
    public static Activity? Start(PlatformRequest request)
    {
        var activity = KapsoTelemetry.ActivitySource.StartActivity("kapso.platform", ActivityKind.Client);
        activity?.SetTag("http.request.method", request.Method.Method);
        activity?.SetTag("http.route", request.Route);
        return activity;
    }

    /// <summary>Keeps how the attempt ended.</summary>
    public static void End(Activity? activity, Attempt attempt)
    {
        if (attempt.Status is { } status)
            activity?.SetTag("http.response.status_code", status);
        if (!attempt.IsSuccess)
            activity?.SetTag("error.type", attempt.End.ToString()).SetStatus(ActivityStatusCode.Error, attempt.Error);
    }
}
