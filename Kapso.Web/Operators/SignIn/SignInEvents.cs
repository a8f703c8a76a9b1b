using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Web.Operators.SignIn;

/// <summary>Knows a cookie only as long as its key holds and until its sign-in was ended, and tells who is signed out from what is not known.</summary>
internal sealed class SignInEvents : CookieAuthenticationEvents
{
    /// <inheritdoc/>
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var (http, person) = (context.HttpContext, context.Principal!);
        if (http.RequestServices.GetRequiredService<SessionClaims>().Read(person, context.Properties) is not { } session)
        {
            context.RejectPrincipal();
            return;
        }

        try
        {
            if (await http.RequestServices.GetRequiredService<ISignOuts>().HasEndedAsync(session, http.RequestAborted))
                context.RejectPrincipal();
            else
                http.Features.Set(session);
        }
        catch (EngineUnavailableException exception)
        {
            http.Features.Set(exception);
            context.RejectPrincipal();
        }
    }

    /// <inheritdoc/>
    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        var http = context.HttpContext;
        var known = http.Features.Get<EngineUnavailableException>() is null
            && (!http.Request.Cookies.ContainsKey(context.Options.Cookie.Name!) || OperatorCookies.HasKeys(http));
        return (known ? SignInEndpoints.Ask(http) : SignInEndpoints.SayUnknown(http)).ExecuteAsync(http);
    }
}
