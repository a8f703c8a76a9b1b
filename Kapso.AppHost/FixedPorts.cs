using System.Net.NetworkInformation;

namespace Kapso.AppHost;

/// <summary>The ports that are the same in each run: those of the API, the simulated platform and the dashboard.</summary>
internal static class FixedPorts
{
    /// <summary>Set where a test starts the application: all ports are free ones then.</summary>
    private const string AreRandom = "DcpPublisher:RandomizePorts";

    private static readonly string[] OfTheDashboard =
        ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];

    /// <summary>
    /// Ends a run whose ports are taken, with a sentence. The orchestrator would start it all the same, and whoever has the port
    /// would get its requests.
    /// </summary>
    public static void RefuseIfTaken(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode || bool.TryParse(builder.Configuration[AreRandom], out var random) && random)
            return;

        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).ToHashSet();
        var dashboard = OfTheDashboard.SelectMany(setting => builder.Configuration[setting]?.Split(';') ?? [])
            .Select(url => (Port: new Uri(url).Port, Of: "the dashboard"));
        var resources = builder.Resources.SelectMany(
            resource => resource.Annotations.OfType<EndpointAnnotation>(), (resource, endpoint) => (Port: endpoint.Port ?? 0, Of: resource.Name));
        foreach (var (port, of) in dashboard.Concat(resources))
        {
            if (port > 0 && taken.Contains(port))
                throw Refusal.Because($"Port {port} is that of {of}, and something else on this machine listens on it: stop that first, perhaps an earlier run.");
        }
    }
}
