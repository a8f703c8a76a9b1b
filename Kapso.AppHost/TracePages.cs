using Microsoft.Extensions.DependencyInjection;

namespace Kapso.AppHost;

/// <summary>Where traces are looked at: the dashboard of a run on this machine has a page for each.</summary>
internal static class TracePages
{
    private const string Dashboard = "aspire-dashboard";
    private const string Page = "/traces/detail/{trace_id}";

    /// <summary>Has the operators' pages link trace ids to the dashboard, where there is one and the settings name no other place.</summary>
    public static IResourceBuilder<ProjectResource> WithTraceLinks(this IResourceBuilder<ProjectResource> api)
    {
        var builder = api.ApplicationBuilder;
        return builder.ExecutionContext.IsPublishMode || builder.Configuration["Kapso:Operators:TraceUrl"] is not null
            ? api
            : api.WithEnvironment(async context =>
            {
                if (await FindAsync(context) is { } address)
                    context.EnvironmentVariables["Kapso__Operators__TraceUrl"] = address + Page;
            });
    }

    // The dashboard becomes a part of the application when that starts.
    private static async ValueTask<string?> FindAsync(EnvironmentCallbackContext context)
    {
        var parts = context.ExecutionContext.Services.GetRequiredService<DistributedApplicationModel>().Resources;
        var endpoint = parts.OfType<IResourceWithEndpoints>().SingleOrDefault(part => part.Name == Dashboard)?
            .GetEndpoints().FirstOrDefault(endpoint => endpoint.EndpointName is "http" or "https");
        return endpoint is null ? null : await endpoint.GetValueAsync(context.CancellationToken);
    }
}
