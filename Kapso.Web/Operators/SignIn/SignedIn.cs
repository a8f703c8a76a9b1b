using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Web.Operators.SignIn;

/// <summary>
/// Lets only people who are signed in through to the operators' pages, and only forms of their own. What an engine that does
/// not answer means is shown as a page.
/// </summary>
internal sealed class SignedIn(OperatorSessions sessions, ISignOuts signOuts, OperatorCookie cookie) : IEndpointFilter
{
    private static readonly object Item = new();

    /// <summary>Who is signed in.</summary>
    public static OperatorSession Of(HttpContext context) =>
        (OperatorSession?)context.Items[Item] ?? throw new InvalidOperationException("The endpoint does not require a sign-in.");

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (sessions.Read(cookie.Read(http)) is not { } session)
            return SignInEndpoints.Ask(http);
        try
        {
            if (await signOuts.HasEndedAsync(session, http.RequestAborted))
                return SignInEndpoints.Ask(http);
        }
        catch (EngineUnavailableException)
        {
            return SignInEndpoints.SayUnknown(http, cookie);
        }

        http.Items[Item] = session;
        if (HttpMethods.IsPost(http.Request.Method))
        {
            var form = await FormGuard.ReadAsync(http);
            if (!FormGuard.IsSameSite(http) || !OperatorSessions.IsOwnForm(session, form[FormGuard.Field]))
            {
                return OperatorPages.Problem(
                    http, "This form is not of this sign-in", "Nothing was done. Go back, reload the page and try again.",
                    StatusCodes.Status400BadRequest);
            }
        }

        try
        {
            return await next(context);
        }
        catch (Exception exception) when (exception is EngineUnavailableException or TimeoutException)
        {
            return OperatorPages.Problem(
                http, "The store does not answer", "What was asked for may have been done; asking again is safe. Try again in a moment.",
                StatusCodes.Status503ServiceUnavailable);
        }
    }
}

/// <summary>Marks endpoints that need a sign-in.</summary>
internal static class SignedInExtensions
{
    /// <summary>Opens these endpoints to people who are signed in only.</summary>
    public static TBuilder RequireSignIn<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter<TBuilder, SignedIn>();

    /// <summary>
    /// The same, for endpoints that are not ours: before anything that they ask for is looked for, which may fail.
    /// </summary>
    public static TBuilder RequireSignInFirst<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.RequestDelegate = Guard(endpoint.RequestDelegate!));
        return builder;
    }

    private static RequestDelegate Guard(RequestDelegate next) => async context =>
    {
        var guard = ActivatorUtilities.GetServiceOrCreateInstance<SignedIn>(context.RequestServices);
        var answer = await guard.InvokeAsync(new DefaultEndpointFilterInvocationContext(context), async _ =>
        {
            await next(context);
            return null;
        });
        if (answer is IResult result)
            await result.ExecuteAsync(context);
    };
}
