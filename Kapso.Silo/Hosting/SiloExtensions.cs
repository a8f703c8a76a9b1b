using Kapso.Engines.Orleans.Hosting;
using Kapso.Platform.Settings;
using Kapso.ServiceDefaults;
using Orleans.Dashboard;

namespace Kapso.Silo.Hosting;

/// <summary>Makes a host a silo of the service.</summary>
public static class SiloExtensions
{
    /// <summary>Adds a silo with the engine's grains, the service's settings, and the cluster's dashboard where it is on.</summary>
    public static IHostApplicationBuilder AddKapsoSilo(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddEngineSettings<EngineOptions>();
        return builder.AddSiloEngine(builder.ExportsTelemetry(), silo =>
        {
            if (builder.HasClusterDashboard())
                silo.AddDashboard();
        });
    }
}
