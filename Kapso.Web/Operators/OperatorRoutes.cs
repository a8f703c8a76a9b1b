using Kapso.Web.Operators.Attention;
using Kapso.Web.Operators.Auditing;
using Kapso.Web.Operators.Customers;
using Kapso.Web.Operators.Overview;
using Kapso.Web.Operators.Parking;
using Kapso.Web.Operators.Parts;
using Kapso.Web.Operators.Receivers;
using Kapso.Web.Operators.SignIn;
using Kapso.Web.Projects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Web.Operators;

/// <summary>The operators' pages.</summary>
internal static class OperatorRoutes
{
    /// <summary>Where they begin.</summary>
    public const string Root = "/ops";

    /// <summary>Maps them all.</summary>
    public static void MapOperators(this IEndpointRouteBuilder endpoints)
    {
        var all = endpoints.MapGroup("").ExcludeFromDescription()
            .WithFormOptions(valueCountLimit: 32, keyLengthLimit: 64, valueLengthLimit: 4_096);
        all.MapSignIn();

        var pages = all.MapGroup(Root).RequireSignIn().AddEndpointFilter<SignedIn>();
        pages.MapGet("", ShowProjects);
        pages.MapAccess();
        pages.MapGet("/{**rest}", (HttpContext context) => OperatorPages.NotFound(context));

        var projects = endpoints.ServiceProvider.GetRequiredService<ProjectDirectory>();
        var project = pages.MapGroup("/{project_id}");
        project.AddEndpointFilter(async (context, next) =>
            projects.TryFind(context.HttpContext.Request.RouteValues["project_id"] as string, out _)
                ? await next(context)
                : OperatorPages.NotFound(context.HttpContext, "No such project is served here."));
        project.MapOverview();
        project.MapCustomers();
        project.MapCustomerNames();
        project.MapGreeting();
        project.MapErasing();
        project.MapReconnecting();
        project.MapNewCustomer();
        project.MapLinks();
        project.MapAttention();
        project.MapParking();
        project.MapReceivers();
        project.MapAuditing();
    }

    private static IResult ShowProjects(HttpContext context, ProjectDirectory projects)
    {
        var view = OperatorView.Of(context);
        return projects.Only is { } only
            ? Onward.To(context, new OperatorUrls("", only.Id).Overview)
            : OperatorPages.Show<ProjectsPage>(context, new { View = view });
    }
}
