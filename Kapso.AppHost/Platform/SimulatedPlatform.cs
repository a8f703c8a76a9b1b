using Kapso.AppHost.Settings;

namespace Kapso.AppHost.Platform;

/// <summary>
/// Which platform the service talks to, by one setting, <c>Platform</c>: <c>simulator</c> (default in a run on this machine) or
/// <c>kapso</c>. What is published never has the simulator in it.
/// </summary>
internal static class SimulatedPlatform
{
    private const string Setting = "Platform";

    /// <summary>Where it keeps customers, links and numbers; default <c>data/simulator.json</c> in the application host's folder.</summary>
    private const string FileSetting = "Platform:File";

    /// <summary>Whether the platform is the simulated one.</summary>
    /// <exception cref="DistributedApplicationException">The setting names neither.</exception>
    public static bool HasSimulatedPlatform(this IDistributedApplicationBuilder builder) => builder.Configuration[Setting] switch
    {
        _ when !builder.ExecutionContext.IsRunMode => false,
        null or "" or "simulator" => true,
        "kapso" => false,
        var other => throw Refusal.Because($"{Setting} is {other}: set simulator or kapso."),
    };

    /// <summary>Adds the simulated platform, which delivers to the API; null where the platform is the real one.</summary>
    public static IResourceBuilder<ProjectResource>? AddSimulatedPlatform(
        this IDistributedApplicationBuilder builder, string name, KapsoSettings settings, EndpointReference api)
    {
        if (!builder.HasSimulatedPlatform())
            return null;
        return builder.AddProject<Projects.Kapso_Simulator>(name)
            .WithEnvironment("Simulator__ProjectId", settings.ProjectId)
            .WithEnvironment("Simulator__ApiKey", settings.ApiKey)
            .WithEnvironment("Simulator__WebhookSecret", settings.WebhookSecret)
            .WithEnvironment("Simulator__WebhookUrl", ReferenceExpression.Create($"{api}/webhooks/project/{settings.ProjectId}"))
            .WithEnvironment("Simulator__StatePath", builder.Configuration[FileSetting] ?? Path.Combine(builder.AppHostDirectory, "data", "simulator.json"))
            .WithoutHttpsCertificate()
            .WithUrlForEndpoint("http", url => url.DisplayText = "Simulated platform")
            .WithHttpHealthCheck("/health");
    }

    /// <summary>Points a process at the simulated platform, where there is one.</summary>
    public static IResourceBuilder<ProjectResource> WithPlatform(
        this IResourceBuilder<ProjectResource> process, IResourceBuilder<ProjectResource>? simulator) =>
        simulator is null ? process : process.WithEnvironment("Kapso__Platform__BaseUrl", simulator.GetEndpoint("http"));
}
