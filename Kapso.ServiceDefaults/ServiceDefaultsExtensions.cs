using Kapso.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kapso.ServiceDefaults;

/// <summary>What every host of the service has: telemetry, and logs that hold no states.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The setting (or environment variable) that turns the export of telemetry on: the OTLP endpoint's URL.</summary>
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // By name: the hosts without a cluster stay free of its packages.
    private const string OrleansMeter = "Microsoft.Orleans";
    private static readonly string[] OrleansSources = ["Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application"];

    /// <summary>
    /// Exports traces, metrics and logs over OTLP where <see cref="EndpointSetting"/> is set, from the framework's own
    /// sources, from Orleans' where there is a cluster, and from <see cref="KapsoTelemetry"/>. The exporter's other settings are the standard <c>OTEL_*</c> ones.
    /// Paths of redirects leave no host: neither in traces nor in logs, whether or not anything is exported.
    /// </summary>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Its lines of each request hold the full path, and with it the state.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);

        if (!builder.ExportsTelemetry())
            return builder;

        // The framework fills in method, route and status itself, if asked before the host starts.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        // The standard setting of the sampler goes before ours, unless it says what an application host always sets.
        var householdIsDropped = builder.Configuration["OTEL_TRACES_SAMPLER"] is null or "" or "always_on";
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName, serviceNamespace: "Kapso"))
            .WithTracing(tracing => tracing
                .AddSource("Microsoft.AspNetCore", "System.Net.Http", KapsoTelemetry.Name)
                .AddSource(OrleansSources)
                .AddProcessor(new RedirectStateScrubber())
                .SetSampler(householdIsDropped))
            .WithMetrics(metrics => metrics.AddMeter(
                "Microsoft.AspNetCore.Hosting",
                "Microsoft.AspNetCore.Server.Kestrel",
                "System.Net.Http",
                "System.Runtime",
                OrleansMeter,
                KapsoTelemetry.Name))
            .WithLogging(_ => { }, logging => logging.IncludeScopes = false) // scopes hold the request's path
            .UseOtlpExporter();
        return builder;
    }

    /// <summary>Whether <see cref="EndpointSetting"/> is set. Where it is not, what only makes traces is left out: it costs time with each call.</summary>
    public static bool ExportsTelemetry(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return !string.IsNullOrWhiteSpace(builder.Configuration[EndpointSetting]);
    }

    private static TracerProviderBuilder SetSampler(this TracerProviderBuilder tracing, bool ours) =>
        ours ? tracing.SetSampler(new ParentBasedSampler(new WorkSampler())) : tracing;
}
