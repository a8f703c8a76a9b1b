using Kapso.Engines.Telemetry;
using Kapso.ServiceDefaults.Health;
using Kapso.ServiceDefaults.Logs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kapso.ServiceDefaults;

/// <summary>
/// What every host of the service has: telemetry, health checks, and logs that a person can read. Service discovery and
/// standard resilience handlers are left out: silos are found by their cluster, every other address is a setting, and each
/// sender has its own rules for what may be sent again.
/// </summary>
public static class Extensions
{
    /// <summary>The setting (or environment variable) that turns the export of telemetry on: the OTLP endpoint's URL.</summary>
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // By name: the hosts without a cluster stay free of its packages.
    private const string OrleansMeter = "Microsoft.Orleans";
    private static readonly string[] OrleansSources = ["Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application"];

    /// <summary>Adds logs, telemetry and the checks of <c>/alive</c> and <c>/health</c>.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddDefaultLogs();
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        return builder;
    }

    /// <summary>
    /// Exports traces, metrics and logs over OTLP where <see cref="EndpointSetting"/> is set; where it is not, nothing is
    /// collected. The exporter's other settings are the standard <c>OTEL_*</c> ones.
    /// </summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        if (!builder.ExportsTelemetry())
            return builder;

        builder.Services.AddOpenTelemetry()

            // What the environment says of the resource comes last, and counts.
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName).AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing
                .AddSource(OrleansSources)
                .AddSource(KapsoTelemetry.Name)
                .AddAspNetCoreInstrumentation(requests =>
                {
                    requests.Filter = request => !HealthEndpoints.Serve(request.Request.Path);

                    // Holds a redirect's state, or a setup link: the route (http.route) says which request it was.
                    requests.EnrichWithHttpRequest = (activity, _) => activity.SetTag("url.path", null).SetTag("url.query", null);
                })
                .AddHttpClientInstrumentation(calls =>

                    // A receiver's query may hold a token; an application host has it exported as it is.
                    calls.EnrichWithHttpRequestMessage = (activity, call) => activity.SetTag("url.full", call.RequestUri?.GetLeftPart(UriPartial.Path)))
                .KeepRoots(builder.Configuration["OTEL_TRACES_SAMPLER"]))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(OrleansMeter, KapsoTelemetry.Name))
            .WithLogging(_ => { }, logging =>
            {
                logging.IncludeFormattedMessage = true;
                logging.IncludeScopes = false; // They hold the request's path.
            })
            .UseOtlpExporter();
        return builder;
    }

    /// <summary>Adds what every process can say of itself: that it lives, and whether it is about to stop.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [HealthEndpoints.Live])
            .AddCheck<StoppingCheck>("stopping");

        // Whoever asks gets the answer; a line for each time somebody asks says nothing more.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        return builder;
    }

    /// <summary>Maps <c>/alive</c> (the process answers) and <c>/health</c> (all of the host's checks pass).</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealth();
        return app;
    }

    /// <summary>Whether <see cref="EndpointSetting"/> is set. Where it is not, what only makes traces is left out: it costs time with each call.</summary>
    public static bool ExportsTelemetry(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return !string.IsNullOrWhiteSpace(builder.Configuration[EndpointSetting]);
    }

    /// <summary>Samples by <see cref="TraceRoots"/>, unless the standard setting says something else than an application host always does.</summary>
    private static TracerProviderBuilder KeepRoots(this TracerProviderBuilder tracing, string? sampler) =>
        sampler is null or "" or "always_on" ? tracing.SetSampler(TraceRoots.WithinTraces()) : tracing;
}
