namespace Kapso.AppHost;

/// <summary>What the dashboard links to.</summary>
internal static class Links
{
    /// <summary>Named links to what people look at, instead of the bare address.</summary>
    public static IResourceBuilder<ProjectResource> WithKapsoLinks(this IResourceBuilder<ProjectResource> api) => api
        .WithUrlForEndpoint("http", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/ops", DisplayText = "Operators' pages" })
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/whatsapp/success", DisplayText = "Success page" })
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/whatsapp/failed?error_code=link_expired", DisplayText = "Failure page" })
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/openapi/v1.json", DisplayText = "API description" })
        .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/health", DisplayText = "Health" });

    /// <summary>Silos talk there to each other and to their clients, and say how they are; there is nothing to open in a browser.</summary>
    public static IResourceBuilder<ProjectResource> WithHiddenEndpoints(this IResourceBuilder<ProjectResource> silo) => silo
        .WithUrlForEndpoint("http", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
        .WithUrlForEndpoint("orleans-silo", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
        .WithUrlForEndpoint("orleans-gateway", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);
}
