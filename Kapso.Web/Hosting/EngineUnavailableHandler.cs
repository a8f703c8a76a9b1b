using Kapso.Web.Http;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Hosting;

/// <summary>Answers a request that the engine could not serve: 503, and when to come again.</summary>
internal sealed partial class EngineUnavailableHandler(ILogger<EngineUnavailableHandler> logger) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not (EngineUnavailableException or TimeoutException))
            return false;

        Unavailable(exception.Message);
        httpContext.Response.Headers.RetryAfter = "10";
        await Problems.Unavailable("The engine does not answer. What was asked for may have been done; asking again is safe.")
            .ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(1, LogLevel.Warning, "The engine did not answer a request: {Why}")]
    private partial void Unavailable(string why);
}
