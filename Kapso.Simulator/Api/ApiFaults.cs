using System.Globalization;
using Kapso.Simulator.Faults;

namespace Kapso.Simulator.Api;

/// <summary>The faults of the API: before a call is carried out, and after it.</summary>
internal sealed class ApiFaults(SimulatedPlatform platform) : IEndpointFilter
{
    private const int RetryAfterSeconds = 2;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var subject = $"{http.Request.Method} {http.Request.Path}";
        var dice = platform.Dice;

        if (dice.Falls(FaultKind.TooManyRequests, subject))
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            return Answers.Error(StatusCodes.Status429TooManyRequests, "Rate limit exceeded");
        }

        if (dice.Falls(FaultKind.ServerError, subject))
            return await FailAsync(dice.Extent(FaultKind.ServerError, subject), context, next);

        var result = await next(context);
        if (dice.Falls(FaultKind.LostAnswer, subject))
            return Abort(http);
        if (http.Request.Method == HttpMethods.Post && dice.Falls(FaultKind.TimeoutAfterAccepting, subject))
            return await BeSilentAsync(http);
        return dice.Falls(FaultKind.BrokenBody, subject) ? Broken(dice.Extent(FaultKind.BrokenBody, subject)) : result;
    }

    // One in two fails after it was done: nobody outside can tell.
    private static async ValueTask<object?> FailAsync(double extent, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (extent < 0.5)
            await next(context);
        return ((int)(extent * 100) % 3) switch
        {
            0 => Answers.Error(StatusCodes.Status500InternalServerError, "Something went wrong"),
            1 => Results.Text("<html><body>Bad gateway</body></html>", "text/html", statusCode: StatusCodes.Status502BadGateway),
            _ => Answers.Error(StatusCodes.Status503ServiceUnavailable, "Something went wrong"),
        };
    }

    private static IResult Broken(double extent) => extent switch
    {
        < 1 / 3.0 => Results.Text("", "application/json"),
        < 2 / 3.0 => Results.Text("{\"data\":{\"id\":\"", "application/json"),
        _ => Results.Text("<html><body>Please wait</body></html>", "text/html"),
    };

    private static IResult Abort(HttpContext context)
    {
        context.Abort();
        return Results.Empty;
    }

    private async Task<IResult> BeSilentAsync(HttpContext context)
    {
        // It ends when the caller gives up, which is what this is for.
        await Task.Delay(LongestSilence, platform.Clock.Real, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Abort(context);
    }
}
