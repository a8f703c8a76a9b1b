using Kapso.Simulator.Hosting;
using Kapso.Simulator.World;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kapso.Simulator.Pages;

/// <summary>The pages: a front page for whoever tests, and the setup page where a person plays the customer.</summary>
internal static class SimulatorPages
{
    private const string LinkExpired = "link_expired";
    private const string AlreadyUsed = "already_used";

    public static void MapPages(this IEndpointRouteBuilder all)
    {
        all.MapGet("/", Front);
        all.MapGet(Stylesheet.Path, Stylesheet.Serve);
        all.MapGet("/setup/{token}", Setup);
        all.MapPost("/setup/{token}/connect", ConnectAsync);
        all.MapPost("/setup/{token}/fail", FailAsync);
        all.MapGroup("/actions").MapActions();
    }

    private static RazorComponentResult<FrontPage> Front(HttpContext context, SimulatedPlatform platform, Mounting mounting)
    {
        PageHeaders.Apply(context);
        return new(new { Platform = platform, Base = mounting.Base(context.Request), Said = context.Request.Query["said"].ToString() });
    }

    private static IResult Setup(string token, HttpContext context, SimulatedPlatform platform, Mounting mounting)
    {
        if (platform.FindSetupLinkByToken(token) is not { } link)
            return Ended(context, mounting, "This setup link does not exist.", StatusCodes.Status404NotFound);

        var code = link.StatusAt(platform.Clock.UtcNow) switch
        {
            SetupLink.Active => null,
            SetupLink.Used => AlreadyUsed,
            _ => LinkExpired,
        };
        if (code is not null)
            return Go(context, mounting, platform.Fail(link.Id, code), "This setup link cannot be used any more.");

        // The browser is sent on after the form is posted: that address must be allowed for the form.
        PageHeaders.Apply(context, link.SuccessRedirectUrl, link.FailureRedirectUrl);
        return new RazorComponentResult<SetupPage>(new
        {
            Link = link,
            Customer = platform.FindCustomer(link.CustomerId)!,
            Known = platform.Numbers().Where(number => number.CustomerId == link.CustomerId).ToArray(),
            Base = mounting.Base(context.Request),
        });
    }

    private static async Task<IResult> ConnectAsync(string token, HttpContext context, SimulatedPlatform platform, Mounting mounting)
    {
        var form = await context.Request.ReadFormAsync();
        if (platform.FindSetupLinkByToken(token) is not { } link)
            return Ended(context, mounting, "This setup link does not exist.", StatusCodes.Status404NotFound);

        var known = platform.Numbers().FirstOrDefault(number => number.CustomerId == link.CustomerId && number.Id == form["number"]);
        var name = form["name"].ToString().Trim() is { Length: > 0 and <= 100 } given ? given : null;
        return platform.Connect(link.Id, known?.Digits, name) is { } end
            ? Go(context, mounting, end, "WhatsApp is connected.")
            : Results.Redirect($"{mounting.Base(context.Request)}/setup/{token}");
    }

    private static async Task<IResult> FailAsync(string token, HttpContext context, SimulatedPlatform platform, Mounting mounting)
    {
        var form = await context.Request.ReadFormAsync();
        if (platform.FindSetupLinkByToken(token) is not { } link)
            return Ended(context, mounting, "This setup link does not exist.", StatusCodes.Status404NotFound);
        var code = form["other"].ToString().Trim() is { Length: > 0 and <= 100 } other ? other : form["code"].ToString();
        return Go(context, mounting, platform.Fail(link.Id, code.Length == 0 ? "facebook_auth_failed" : code), "The setup failed.");
    }

    private static IResult Go(HttpContext context, Mounting mounting, SetupEnd? end, string without) => end switch
    {
        { RedirectUrl: { } url } => new SeeOther(url),
        { Dropped: true } => Ended(context, mounting, without + " By a fault, the browser does not go back: it was closed too early."),
        _ => Ended(context, mounting, without + " The link has no address to go back to."),
    };

    private static RazorComponentResult<EndPage> Ended(
        HttpContext context, Mounting mounting, string text, int status = StatusCodes.Status200OK)
    {
        PageHeaders.Apply(context);
        return new(new { Text = text, Base = mounting.Base(context.Request) }) { StatusCode = status };
    }
}

/// <summary>Sends the browser on with a GET, whatever it came with.</summary>
internal sealed class SeeOther(string url) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = url;
        return Task.CompletedTask;
    }
}
