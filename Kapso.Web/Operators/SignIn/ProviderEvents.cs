using System.Security.Claims;
using Kapso.Platform.Settings;
using Kapso.Web.Audit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Operators.SignIn;

/// <summary>Lets people in whom the provider knows and who have a role here, and tells the others why they are not.</summary>
internal sealed partial class ProviderEvents : OpenIdConnectEvents
{
    private const string ByProvider = "by OpenID Connect";

    /// <inheritdoc/>
    public override async Task TicketReceived(TicketReceivedContext context)
    {
        context.HandleResponse();
        var http = context.HttpContext;
        await (await SignInAsync(http, context.Principal!, context.Properties?.Items[Provider.Target])).ExecuteAsync(http);
    }

    /// <inheritdoc/>
    public override Task AccessDenied(AccessDeniedContext context)
    {
        context.HandleResponse();
        return SignInEndpoints.SayProviderRefused(context.HttpContext).ExecuteAsync(context.HttpContext);
    }

    /// <inheritdoc/>
    public override Task RemoteFailure(RemoteFailureContext context)
    {
        context.HandleResponse();
        var http = context.HttpContext;
        LogFailed(Logger(http), context.Failure!.Message);
        return SignInEndpoints.SayProviderFailed(http).ExecuteAsync(http);
    }

    private static async Task<IResult> SignInAsync(HttpContext http, ClaimsPrincipal person, string? target)
    {
        var settings = http.RequestServices.GetRequiredService<IOptions<KapsoOptions>>().Value.Management.OpenIdConnect;
        if (ProviderClaims.NameOf(person, settings.NameClaim) is not { } name)
        {
            LogNameless(Logger(http), settings.NameClaim);
            return SignInEndpoints.SayProviderFailed(http);
        }

        var role = settings.Roles.Highest(ProviderClaims.ValuesOf(person, settings.RoleClaim));
        var audit = http.RequestServices.GetRequiredService<AuditTrail>();
        var line = audit.LineOf(http, AuditActions.SignIn, AuditActor.Person(name)) with { Detail = ByProvider };
        if (!await audit.TryBeginAsync(line, http.RequestAborted))
            return SignInEndpoints.SayNotWritten(http);

        if (role is not { } given)
        {
            await audit.EndAsync(line, new AuditEnd(AuditOutcome.Refused, StatusCodes.Status403Forbidden));
            LogNoRole(Logger(http), settings.RoleClaim);
            return SignInEndpoints.SayNoRole(http, name, settings.RoleClaim);
        }

        await OperatorCookies.GiveAsync(http, SessionClaims.OfProvider(name, given));
        await audit.EndAsync(line, new AuditEnd(AuditOutcome.Done, StatusCodes.Status200OK));

        // The browser comes from another site, and would not bring the cookie with a redirect: a page of ours has to send it on.
        return OperatorPages.Show<SignedInPage>(http, new { Target = http.Request.PathBase + target, PathBase = http.Request.PathBase.Value });
    }

    private static ILogger Logger(HttpContext http) => http.RequestServices.GetRequiredService<ILogger<ProviderEvents>>();

    [LoggerMessage(1, LogLevel.Warning, "A sign-in at the OpenID Connect provider failed: {Why}")]
    private static partial void LogFailed(ILogger logger, string why);

    [LoggerMessage(2, LogLevel.Warning, "The OpenID Connect provider let somebody in who has no name: neither the claim {Claim} nor another one that names people.")]
    private static partial void LogNameless(ILogger logger, string claim);

    [LoggerMessage(3, LogLevel.Warning,
        "Somebody signed in at the OpenID Connect provider and has no role here: no value of the claim {Claim} is one of Kapso:Management:OpenIdConnect:Roles.")]
    private static partial void LogNoRole(ILogger logger, string claim);
}
