namespace Kapso.AppHost;

/// <summary>What is published beside the manifest. With -p:Compose=true, a file for Docker Compose.</summary>
internal static class Publishing
{
    /// <summary>Publishes to Docker Compose, where that was built in.</summary>
    public static void AddCompose(this IDistributedApplicationBuilder builder)
    {
#if COMPOSE
        builder.AddDockerComposeEnvironment("compose").WithDashboard(enabled: false);
#endif
        _ = builder;
    }

    /// <summary>Runs several of it, also where they are published to Docker Compose.</summary>
    public static IResourceBuilder<ProjectResource> WithCount(this IResourceBuilder<ProjectResource> process, int count)
    {
#if COMPOSE
        process.PublishAsDockerComposeService((_, service) => service.Deploy = new() { Replicas = count });
#endif
        return process.WithReplicas(count);
    }
}
