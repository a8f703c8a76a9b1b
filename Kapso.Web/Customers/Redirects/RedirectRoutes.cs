using Kapso.Connections.Redirects;
using Kapso.Web.Customers.Live;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Customers.Redirects;

/// <summary>The routes of customers' browsers.</summary>
internal static class RedirectRoutes
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Succeeded = ["setup_link_id", "phone_number_id", "display_phone_number"];
    private static readonly string[] Failed = ["setup_link_id", "error_code"];

    /// <summary>Maps them all.</summary>
    public static void MapRedirects(this IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup("").WithTags("customer");
        foreach (var (of, success, failure) in ((string, string, string)[])
        [
            ("", RedirectPaths.Success, RedirectPaths.Failure),
            ("OfLink", RedirectPaths.Success + "/{state}", RedirectPaths.Failure + "/{state}"),
            ("OfProject", "/whatsapp/{project_id}/success", "/whatsapp/{project_id}/failed"),
        ])
        {
            Describe(pages.MapMethods(success, Methods, ShowSuccessAsync), "showSuccess" + of, "The page after a setup that came to its end", Succeeded);
            Describe(pages.MapMethods(failure, Methods, ShowFailureAsync), "showFailure" + of, "The page after a setup that failed", Failed);
        }

        pages.MapGet(RedirectPaths.Success + "/{state}/events", LiveEndpoint.ServeAsync);
    }

    private static void Describe(RouteHandlerBuilder page, string name, string summary, string[] parameters) =>
        page.WithName(name).WithSummary(summary)
            .Produces<string>(StatusCodes.Status200OK, "text/html")
            .Produces(StatusCodes.Status303SeeOther)
            .WithMetadata(new ReadsItself(parameters, []));

    private static async Task<Results<RazorComponentResult<CustomerPage>, SeeOther>> ShowSuccessAsync(
        HttpContext context, RedirectIntake intake, ReturnUrls returnUrls)
    {
        var visit = await intake.TakeAsync(
            context, ObservationKind.RedirectSucceeded, Route(context, "state"), Route(context, "project_id"));
        var status = CustomerStatus.AfterSuccess(visit);
        if (returnUrls.AfterSuccess(visit.Link?.ReturnUrl) is { } url)
            return new SeeOther(url, status.Reason);

        return Page(status, visit, EventsOf(context, status, visit, QueryString.Empty));
    }

    private static async Task<Results<RazorComponentResult<CustomerPage>, SeeOther>> ShowFailureAsync(
        HttpContext context, RedirectIntake intake, ReturnUrls returnUrls)
    {
        var visit = await intake.TakeAsync(
            context, ObservationKind.SetupFailed, Route(context, "state"), Route(context, "project_id"));
        var status = CustomerStatus.AfterFailure(visit);
        if (returnUrls.AfterFailure(visit.Link?.ReturnUrl) is { } url)
            return new SeeOther(url, status.Reason);

        // What a browser says waits for the platform's word, or for what becomes of a setup: the page tells that, too.
        return Page(status, visit, visit.IsReceived || visit.Link?.PendingFailure is not null
            ? EventsOf(context, status, visit, QueryString.Create(LiveEndpoint.ErrorCode, visit.Parameters.ErrorCode))
            : null);
    }

    private static string? EventsOf(HttpContext context, CustomerStatus status, Visit visit, QueryString query) =>
        visit.State is { } state && !status.IsConnected
            ? $"{context.Request.PathBase}{RedirectPaths.Success}/{state}/events{EventsQuery(visit.Parameters, query)}"
            : null;

    private static RazorComponentResult<CustomerPage> Page(CustomerStatus status, Visit visit, string? events) =>
        new(new { Status = status, Company = visit.Project?.Company, Events = events, visit.Language, visit.Link?.Theme })
        {
            PreventStreamingRendering = true,
        };

    // The browser's own number goes with it: nothing of ours can tell it again before there is a proof.
    private static QueryString EventsQuery(RedirectParameters parameters, QueryString query)
    {
        if (parameters.PhoneNumberId is { } number)
            query = query.Add("phone_number_id", number);
        if (parameters.DisplayPhoneNumber is { } display)
            query = query.Add("display_phone_number", display);
        return query;
    }

    private static string? Route(HttpContext context, string parameter) => context.Request.RouteValues[parameter] as string;
}

/// <summary>Sends the browser on with 303 and a reason.</summary>
internal sealed class SeeOther(Uri url, string reason) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = ReturnUrls.WithReason(url, reason);
        return Task.CompletedTask;
    }
}
