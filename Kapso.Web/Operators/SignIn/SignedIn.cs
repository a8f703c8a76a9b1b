using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Web.Operators.SignIn;

/// <summary>
/// Lets only forms through that were made for the sign-in of who sends them, and only what their role reaches for. What an engine that does not answer means is
/// shown as a page.
/// </summary>
internal sealed class SignedIn(IAntiforgery antiforgery) : IEndpointFilter
{
    /// <summary>Who is signed in.</summary>
    public static OperatorSession Of(HttpContext context) =>
        context.Features.Get<OperatorSession>() ?? throw new InvalidOperationException("The endpoint does not require a sign-in.");

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsPost(http.Request.Method)
            && (!FormGuard.IsSameSite(http) || await FormGuard.ReadAsync(http) is { Count: 0 } || !await antiforgery.IsRequestValidAsync(http)))
        {
            return OperatorPages.Problem(
                http, "This form is not of this sign-in", "Nothing was done. Go back, reload the page and try again.",
                StatusCodes.Status400BadRequest);
        }

        var needed = RequiredRole.Of(http);
        var session = Of(http);
        try
        {
            if (session.Role < needed)
            {
                await http.RequestServices.GetRequiredService<AuditTrail>().RefuseAsync(http, AuditActor.Person(session.Name));
                return OperatorPages.Problem(
                    http, "Not yours to do", $"Your role is {Snake.Of(session.Role)}. This needs the role {Snake.Of(needed)}.", StatusCodes.Status403Forbidden);
            }

            return await next(context);
        }
        catch (Exception exception) when (!http.Response.HasStarted && exception is EngineUnavailableException or TimeoutException)
        {
            return OperatorPages.Problem(
                http, "The store does not answer", "What was asked for may have been done; asking again is safe. Try again in a moment.",
                StatusCodes.Status503ServiceUnavailable);
        }
    }
}
