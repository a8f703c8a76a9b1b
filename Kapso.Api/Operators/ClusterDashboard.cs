using Kapso.Platform.Settings;
using Kapso.Web.Operators;
using Orleans.Dashboard;

namespace Kapso.Api.Operators;

/// <summary>
/// Orleans' own dashboard of the cluster, for operators: which silos there are, what their grains do and how long calls take.
/// The silos collect what it shows, by the same setting.
/// </summary>
internal static class ClusterDashboard
{
    // Its page draws with styles that it makes itself, and has fonts and images in its stylesheet; scripts are its own file alone.
    private static readonly HostPage Page = new(
        "Cluster",
        "cluster",
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    /// <summary>Adds it, where <c>Kapso:Cluster:Dashboard</c> says so.</summary>
    public static IHostApplicationBuilder AddClusterDashboard(this IHostApplicationBuilder builder)
    {
        if (builder.HasClusterDashboard())
        {
            builder.UseOrleansClient(client => client.AddDashboard());
            builder.Services.AddSingleton(Page);
        }

        return builder;
    }

    /// <summary>Maps it behind the operators' sign-in, where it was added.</summary>
    public static void MapClusterDashboard(this WebApplication app)
    {
        if (!app.Services.GetServices<HostPage>().Contains(Page))
            return;
        var pages = app.MapHostPage(Page);
        ((IEndpointConventionBuilder)pages).Add(endpoint => endpoint.RequestDelegate = AnswerWith(endpoint.RequestDelegate!));
        pages.MapOrleansDashboard(Page.Segment);

        // It would call whatever grain it is named, and show what that returns: a connection's states are its customer's secrets.
        pages.MapGet($"/{Page.Segment}/GrainState", () => TypedResults.Text(
            "What a grain holds is not shown here: a customer's page has it.", statusCode: StatusCodes.Status404NotFound)).WithOrder(-1);
    }

    private static RequestDelegate AnswerWith(RequestDelegate next) => async context =>
    {
        // The page's log goes on for an hour: a process that stops does not wait for it.
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var stop = lifetime.ApplicationStopping.Register(context.Abort);
        try
        {
            await next(context);
        }
        catch (Exception exception) when (IsAway(exception) && !context.Response.HasStarted)
        {
            await TypedResults.Text("The cluster does not answer, or knows of no such thing.", statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
        }
    };

    // A client that has not found a silo yet knows of no grain.
    private static bool IsAway(Exception exception) => exception is OrleansException or ArgumentException;
}
