namespace Kapso.AppHost;

/// <summary>What the dashboard links to.</summary>
internal static class Links
{
    /// <summary>Named links to what people look at, instead of the bare address.</summary>
    public static IResourceBuilder<ProjectResource> WithKapsoLinks(this IResourceBuilder<ProjectResource> api) => api
        .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/ops", "Operators' pages"))
        .WithClusterDashboard()
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/whatsapp/success", DisplayText = "Success page" })
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/whatsapp/failed?error_code=link_expired", DisplayText = "Failure page" })
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/openapi/v1.json", DisplayText = "API description" })
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/health", DisplayText = "Health" });

    // On in a run on this machine, unless the setting says otherwise.
    private static IResourceBuilder<ProjectResource> WithClusterDashboard(this IResourceBuilder<ProjectResource> api) =>
        bool.TryParse(api.ApplicationBuilder.Configuration["Kapso:Cluster:Dashboard"], out var on) && !on
            ? api
            : api.WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/ops/cluster/", DisplayText = "Cluster dashboard" });

    /// <summary>Of a silo there is its health to see; where silos talk to each other and to their clients, there is nothing.</summary>
    public static IResourceBuilder<ProjectResource> WithSiloLinks(this IResourceBuilder<ProjectResource> silo) => silo
        .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/health", "Health"))
        .WithUrlForEndpoint("orleans-silo", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
        .WithUrlForEndpoint("orleans-gateway", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);
}
