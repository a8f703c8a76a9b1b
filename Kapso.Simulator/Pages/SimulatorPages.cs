using Kapso.Simulator.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kapso.Simulator.Pages;

/// <summary>The pages: a front page for whoever tests, and the setup page where a person plays the customer.</summary>
internal static class SimulatorPages
{
    public static void MapPages(this IEndpointRouteBuilder all)
    {
        all.MapGet("/", Front);
        all.MapGet(Stylesheet.Path, Stylesheet.Serve);
        all.MapGet("/setup/{token}", Setup);
        all.MapPost("/setup/{token}/connect", ConnectAsync);
        all.MapPost("/setup/{token}/fail", FailAsync);
        all.MapGroup("/actions").MapActions();
    }

    /// <summary>Sends the browser on with a GET, whatever it came with.</summary>
    public static IResult SeeOther(this HttpContext context, string url)
    {
        context.Response.Headers.Location = url;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static RazorComponentResult<FrontPage> Front(HttpContext context)
    {
        PageHeaders.Apply(context);
        return new(new { Said = context.Request.Query["said"].ToString() });
    }

    private static IResult Setup(string token, HttpContext context, SimulatedPlatform platform)
    {
        if (platform.FindSetupLinkByToken(token) is not { } link)
            return Unknown(context);
        var status = link.StatusAt(platform.Clock.UtcNow);
        if (status != SetupLink.Active)
        {
            var code = status == SetupLink.Used ? SetupErrors.AlreadyUsed : SetupErrors.LinkExpired;
            return Go(context, platform.Fail(link.Id, code), "This setup link cannot be used any more.");
        }

        // The browser is sent on after the form is posted: that address must be allowed for the form.
        PageHeaders.Apply(context, link.SuccessRedirectUrl, link.FailureRedirectUrl);
        return new RazorComponentResult<SetupPage>(new { Link = link });
    }

    private static async Task<IResult> ConnectAsync(string token, HttpContext context, SimulatedPlatform platform, Mounting mounting)
    {
        var form = await context.Request.ReadFormAsync();
        if (platform.FindSetupLinkByToken(token) is not { } link)
            return Unknown(context);

        var chosen = form["number"].ToString();
        var underNewId = chosen.StartsWith(SetupPage.UnderNewId, StringComparison.Ordinal);
        var toldAsCreated = chosen.StartsWith(SetupPage.ToldAsCreated, StringComparison.Ordinal);
        var id = chosen[(chosen.LastIndexOf(':') + 1)..];
        var known = platform.Numbers().FirstOrDefault(number => number.CustomerId == link.CustomerId && number.Id == id);
        return platform.Connect(link.Id, known?.Digits, ShortText(form, "name"), underNewId, toldAsCreated) is { } end
            ? Go(context, end, "WhatsApp is connected.")
            : Results.Redirect($"{mounting.Base}/setup/{token}");
    }

    private static async Task<IResult> FailAsync(string token, HttpContext context, SimulatedPlatform platform)
    {
        var form = await context.Request.ReadFormAsync();
        if (platform.FindSetupLinkByToken(token) is not { } link)
            return Unknown(context);
        var code = ShortText(form, "other") ?? (form["code"].ToString() is { Length: > 0 } chosen ? chosen : SetupErrors.Usual);
        return Go(context, platform.Fail(link.Id, code), "The setup failed.");
    }

    private static string? ShortText(IFormCollection form, string name) =>
        form[name].ToString().Trim() is { Length: > 0 and <= 100 } given ? given : null;

    private static IResult Go(HttpContext context, SetupEnd? end, string without) => end switch
    {
        { RedirectUrl: { } url } => context.SeeOther(url),
        { Dropped: true } => Ended(context, without + " By a fault, the browser does not go back: it was closed too early."),
        _ => Ended(context, without + " The link has no address to go back to."),
    };

    private static RazorComponentResult<EndPage> Unknown(HttpContext context) =>
        Ended(context, "This setup link does not exist.", StatusCodes.Status404NotFound);

    private static RazorComponentResult<EndPage> Ended(HttpContext context, string text, int status = StatusCodes.Status200OK)
    {
        PageHeaders.Apply(context);
        return new(new { Text = text }) { StatusCode = status };
    }
}
