using Kapso.Platform.Settings;
using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Operators.Parts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Operators.SignIn;

/// <summary>Signing in with a management key or at a provider, and out.</summary>
internal static partial class SignInEndpoints
{
    /// <summary>Where people sign in.</summary>
    public const string Path = OperatorRoutes.Root + "/sign-in";

    /// <summary>What sends them to the provider.</summary>
    public const string AtProvider = Path + "/provider";

    private const string WrongKey = "This is not a management key.";
    private const string TooMany = "Too many wrong keys came from your address. Wait a minute, then try again.";
    private const string NoName = "Give a name of 1 to 64 characters.";
    private const string Unknown = "The store does not answer, so that it is not known whether you are still signed in. Try again in a moment.";
    private const string NotWritten = "The store does not answer, so that your sign-in could not be written into the audit. Try again in a moment.";
    private const string ProviderRefused = "You were not let in there.";
    private const string ProviderFailed = "That did not work. Try again; the log of this service says why it failed.";
    private const string ProviderAway = "The place where people sign in does not answer. Try again in a moment; the log of this service says more.";
    private const string Foreign = "The form came from another site. Sign in here.";

    /// <summary>Maps them.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (HttpContext context) => Page(context, ReturnOf(context.Request.Query["return"])));
        endpoints.MapGet(AtProvider, GoToProviderAsync);
        endpoints.MapPost(Path, SignInAsync).AuditsItself(AuditActions.SignIn);
        endpoints.MapPost(OperatorRoutes.Root + "/sign-out", SignOutAsync).RequireSignIn().AddEndpointFilter<SignedIn>()
            .Audited(AuditActions.SignOut);
    }

    /// <summary>Sends a browser to the sign-in, and afterwards back to the page that it asked for.</summary>
    public static IResult Ask(HttpContext context) => Onward.To(context, Path + QueryString.Create("return", Asked(context)));

    /// <summary>Says that it is not known whether a sign-in has ended.</summary>
    public static IResult SayUnknown(HttpContext context) =>
        Page(context, ReturnOf(Asked(context)), Unknown, StatusCodes.Status503ServiceUnavailable);

    /// <summary>Says that the provider did not let somebody in.</summary>
    public static IResult SayProviderRefused(HttpContext context) =>
        Page(context, OperatorRoutes.Root, ProviderRefused, StatusCodes.Status403Forbidden);

    /// <summary>Says that a sign-in at the provider did not come to its end.</summary>
    public static IResult SayProviderFailed(HttpContext context) =>
        Page(context, OperatorRoutes.Root, ProviderFailed, StatusCodes.Status400BadRequest);

    /// <summary>Says that somebody whom the provider knows has no role here.</summary>
    public static IResult SayNoRole(HttpContext context, string name, string claim) => Page(
        context, OperatorRoutes.Root,
        $"You are signed in there as {name}, and have no role here: no value of your claim '{claim}' is one that opens these pages. Ask who runs this service.",
        StatusCodes.Status403Forbidden);

    /// <summary>Says that a sign-in could not be written down, and so was not done.</summary>
    public static IResult SayNotWritten(HttpContext context) =>
        Page(context, OperatorRoutes.Root, NotWritten, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> GoToProviderAsync(
        HttpContext context, IOptions<KapsoOptions> settings, [FromServices] ILogger<ProviderEvents> logger)
    {
        if (settings.Value.Management.OpenIdConnect.Authority is null)
            return Onward.To(context, Path);
        var target = ReturnOf(context.Request.Query["return"]);
        try
        {
            await context.ChallengeAsync(Provider.Scheme, new AuthenticationProperties { Items = { [Provider.Target] = target } });
            return Results.Empty;
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested
            && exception is InvalidOperationException or HttpRequestException or OperationCanceledException)
        {
            LogAway(logger, exception.Message);
            return Page(context, target, ProviderAway, StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static string Asked(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) ? $"{context.Request.Path}{context.Request.QueryString}" : OperatorRoutes.Root;

    private static async Task<IResult> SignInAsync(HttpContext context, ManagementKeys keys, WrongKeys wrongKeys, AuditTrail audit, TimeProvider time)
    {
        var form = await FormGuard.ReadAsync(context);
        var target = ReturnOf(form["return"]);
        if (!FormGuard.IsSameSite(context))
            return Page(context, target, Foreign, StatusCodes.Status400BadRequest);

        var brought = form["key"].ToString().Trim();
        var key = keys.Find(brought);
        if (key is null || key.HasEnded(time.GetUtcNow()))
        {
            var wrong = key is null ? WrongKey : $"The key '{key.By.Name}' has ended. Ask who runs this service for another one.";
            return wrongKeys.MayAnswer(context, brought.Length > 0, AuditActions.SignInRefused, key)
                ? Page(context, target, wrong, StatusCodes.Status401Unauthorized, form["name"])
                : Page(context, target, TooMany, StatusCodes.Status429TooManyRequests, form["name"]);
        }

        var name = form["name"].ToString().Trim();
        if (name.Length is 0 or > TimelineEntry.MaxBy || !BoundedId.IsValid(name))
            return Page(context, target, NoName, StatusCodes.Status400BadRequest, name);

        if (!OperatorCookies.HasKeys(context))
            return Page(context, target, Unknown, StatusCodes.Status503ServiceUnavailable, name);
        var line = audit.LineOf(context, AuditActions.SignIn, AuditActor.Person(name)) with
        {
            Detail = key.By == AuditActor.ManagementKey ? null : $"with the key {key.By.Name}",
        };
        if (!await audit.TryBeginAsync(line, context.RequestAborted))
            return Page(context, target, NotWritten, StatusCodes.Status503ServiceUnavailable, name);

        await OperatorCookies.GiveAsync(context, SessionClaims.OfKey(name, key), key.ExpiresAt);
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
            new
            {
                Target = target,
                Problem = problem,
                Name = name,
                IsKept = OperatorCookies.IsKept(context),
                PathBase = context.Request.PathBase.Value,
                Provider = ProviderOf(context),
            },
            status);

    /// <summary>What the button to the provider says; null where there is none.</summary>
    private static string? ProviderOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptions<KapsoOptions>>().Value.Management.OpenIdConnect is { Authority: not null } provider
            ? provider.Name
            : null;

    [LoggerMessage(1, LogLevel.Warning, "The OpenID Connect provider could not be asked, so that nobody can sign in there: {Why}")]
    private static partial void LogAway(ILogger logger, string why);

    // Only a page of ours, and nothing that a browser could read as another host.
    private static string ReturnOf(string? text) =>
        text is not null && text.Length <= 2_048 && !text.Any(char.IsControl) && !text.Contains('\\', StringComparison.Ordinal)
        && (text == OperatorRoutes.Root || text.StartsWith(OperatorRoutes.Root + "/", StringComparison.Ordinal))
            ? text
            : OperatorRoutes.Root;
}
