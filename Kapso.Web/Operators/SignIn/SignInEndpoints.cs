using Kapso.Web.Audit;
using Kapso.Web.Management;
using Kapso.Web.Operators.Parts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Operators.SignIn;

/// <summary>Signing in with the management key, and out.</summary>
internal static class SignInEndpoints
{
    /// <summary>Where people sign in.</summary>
    public const string Path = OperatorRoutes.Root + "/sign-in";

    private const string WrongKey = "This is not the management key.";
    private const string TooMany = "Too many wrong keys came from your address. Wait a minute, then try again.";
    private const string NoName = "Give a name of 1 to 64 characters.";
    private const string Unknown = "The store does not answer, so that it is not known whether you are still signed in. Try again in a moment.";
    private const string NotWritten = "The store does not answer, so that your sign-in could not be written into the audit. Try again in a moment.";
    private const string Foreign = "The form came from another site. Sign in here.";

    /// <summary>Maps them.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (HttpContext context) => Page(context, ReturnOf(context.Request.Query["return"])));
        endpoints.MapPost(Path, SignInAsync).AuditsItself(AuditActions.SignIn);
        endpoints.MapPost(OperatorRoutes.Root + "/sign-out", SignOutAsync).RequireSignIn().AddEndpointFilter<SignedIn>()
            .Audited(AuditActions.SignOut);
    }

    /// <summary>Sends a browser to the sign-in, and afterwards back to the page that it asked for.</summary>
    public static IResult Ask(HttpContext context) => Onward.To(context, Path + QueryString.Create("return", Asked(context)));

    /// <summary>Says that it is not known whether a sign-in has ended.</summary>
    public static IResult SayUnknown(HttpContext context) =>
        Page(context, ReturnOf(Asked(context)), Unknown, StatusCodes.Status503ServiceUnavailable);

    private static string Asked(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) ? $"{context.Request.Path}{context.Request.QueryString}" : OperatorRoutes.Root;

    private static async Task<IResult> SignInAsync(HttpContext context, ManagementKey key, WrongKeys wrongKeys, AuditTrail audit)
    {
        var form = await FormGuard.ReadAsync(context);
        var target = ReturnOf(form["return"]);
        if (!FormGuard.IsSameSite(context))
            return Page(context, target, Foreign, StatusCodes.Status400BadRequest);

        var brought = form["key"].ToString().Trim();
        if (!key.IsRight(brought))
        {
            return wrongKeys.MayAnswer(context, brought.Length > 0, AuditActions.SignInRefused)
                ? Page(context, target, WrongKey, StatusCodes.Status401Unauthorized, form["name"])
                : Page(context, target, TooMany, StatusCodes.Status429TooManyRequests, form["name"]);
        }

        var name = form["name"].ToString().Trim();
        if (name.Length is 0 or > TimelineEntry.MaxBy || !BoundedId.IsValid(name))
            return Page(context, target, NoName, StatusCodes.Status400BadRequest, name);

        if (!OperatorCookies.HasKeys(context))
            return Page(context, target, Unknown, StatusCodes.Status503ServiceUnavailable, name);
        var line = audit.LineOf(context, AuditActions.SignIn, AuditActor.Person(name));
        try
        {
            await audit.BeginAsync(line, context.RequestAborted);
        }
        catch (Exception exception) when (exception is EngineUnavailableException or TimeoutException)
        {
            return Page(context, target, NotWritten, StatusCodes.Status503ServiceUnavailable, name);
        }

        await OperatorCookies.GiveAsync(context, name);
        await audit.EndAsync(line, new AuditEnd(AuditOutcome.Done, StatusCodes.Status303SeeOther));
        return Onward.To(context, target);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, [FromServices] ISignOuts signOuts)
    {
        await signOuts.EndAsync(SignedIn.Of(context), context.RequestAborted);
        await context.SignOutAsync(OperatorCookies.Scheme);
        return Onward.To(context, Path);
    }

    private static IResult Page(
        HttpContext context, string target, string? problem = null, int status = StatusCodes.Status200OK, string? name = null) =>
        OperatorPages.Show<SignInPage>(
            context,
            new { Target = target, Problem = problem, Name = name, IsKept = OperatorCookies.IsKept(context), PathBase = context.Request.PathBase.Value },
            status);

    // Only a page of ours, and nothing that a browser could read as another host.
    private static string ReturnOf(string? text) =>
        text is not null && text.Length <= 2_048 && !text.Any(char.IsControl) && !text.Contains('\\', StringComparison.Ordinal)
        && (text == OperatorRoutes.Root || text.StartsWith(OperatorRoutes.Root + "/", StringComparison.Ordinal))
            ? text
            : OperatorRoutes.Root;
}
