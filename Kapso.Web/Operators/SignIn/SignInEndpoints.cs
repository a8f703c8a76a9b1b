using Kapso.Web.Management;
using Kapso.Web.Operators.Parts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
    private const string Foreign = "The form came from another site. Sign in here.";

    /// <summary>Maps them.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (HttpContext context, OperatorCookie cookie) => Page(context, cookie, ReturnOf(context.Request.Query["return"])));
        endpoints.MapPost(Path, SignInAsync);
        endpoints.MapPost(OperatorRoutes.Root + "/sign-out", SignOutAsync).RequireSignIn();
    }

    /// <summary>Sends a browser to the sign-in, and afterwards back to the page that it asked for.</summary>
    public static IResult Ask(HttpContext context) => Onward.To(context, Path + QueryString.Create("return", Asked(context)));

    /// <summary>Says that it is not known whether a sign-in has ended.</summary>
    public static IResult SayUnknown(HttpContext context, OperatorCookie cookie) =>
        Page(context, cookie, ReturnOf(Asked(context)), Unknown, StatusCodes.Status503ServiceUnavailable);

    private static string Asked(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) ? $"{context.Request.Path}{context.Request.QueryString}" : OperatorRoutes.Root;

    private static async Task<IResult> SignInAsync(
        HttpContext context, ManagementKey key, WrongKeys wrongKeys, OperatorSessions sessions, OperatorCookie cookie)
    {
        var form = await FormGuard.ReadAsync(context);
        var target = ReturnOf(form["return"]);
        if (!FormGuard.IsSameSite(context))
            return Page(context, cookie, target, Foreign, StatusCodes.Status400BadRequest);

        var brought = form["key"].ToString().Trim();
        if (!key.IsRight(brought))
        {
            return wrongKeys.MayAnswer(context, brought.Length > 0)
                ? Page(context, cookie, target, WrongKey, StatusCodes.Status401Unauthorized, form["name"])
                : Page(context, cookie, target, TooMany, StatusCodes.Status429TooManyRequests, form["name"]);
        }

        var name = form["name"].ToString().Trim();
        if (name.Length is 0 or > TimelineEntry.MaxBy || !BoundedId.IsValid(name))
            return Page(context, cookie, target, NoName, StatusCodes.Status400BadRequest, name);

        cookie.Give(context, sessions.Create(name));
        return Onward.To(context, target);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, ISignOuts signOuts, OperatorCookie cookie)
    {
        await signOuts.EndAsync(SignedIn.Of(context), context.RequestAborted);
        cookie.Take(context);
        return Onward.To(context, Path);
    }

    private static IResult Page(
        HttpContext context,
        OperatorCookie cookie,
        string target,
        string? problem = null,
        int status = StatusCodes.Status200OK,
        string? name = null) =>
        OperatorPages.Show<SignInPage>(
            context,
            new { Target = target, Problem = problem, Name = name, IsKept = cookie.IsKept(context), PathBase = context.Request.PathBase.Value },
            status);

    // Only a page of ours, and nothing that a browser could read as another host.
    private static string ReturnOf(string? text) =>
        text is not null && text.Length <= 2_048 && !text.Any(char.IsControl) && !text.Contains('\\', StringComparison.Ordinal)
        && (text == OperatorRoutes.Root || text.StartsWith(OperatorRoutes.Root + "/", StringComparison.Ordinal))
            ? text
            : OperatorRoutes.Root;
}
