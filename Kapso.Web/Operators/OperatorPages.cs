using Kapso.Web.Operators.Parts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;

namespace Kapso.Web.Operators;

/// <summary>Answers with a page for operators.</summary>
internal static class OperatorPages
{
    // Of other pages, only the framework's script and forms of our own are allowed more.
    private static readonly StringValues ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'self'; "
        + "form-action 'self'; frame-ancestors 'none'";

    /// <summary>Shows a page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="parameters">The page's parameters, as an anonymous object.</param>
    /// <param name="status">The answer's status.</param>
    public static IResult Show<TPage>(HttpContext context, object parameters, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        context.Response.Headers.CacheControl = "no-cache, no-store"; // As the forms' tokens have it.
        return new RazorComponentResult<TPage>(parameters) { StatusCode = status, PreventStreamingRendering = true };
    }

    /// <summary>Shows what went wrong.</summary>
    public static IResult Problem(HttpContext context, string heading, string message, int status) =>
        Show<ProblemPage>(context, new { View = OperatorView.Of(context), Heading = heading, Message = message }, status);

    /// <summary>Says that there is no such page.</summary>
    public static IResult NotFound(HttpContext context, string message = "There is no such page.") =>
        Problem(context, "Not found", message, StatusCodes.Status404NotFound);
}
