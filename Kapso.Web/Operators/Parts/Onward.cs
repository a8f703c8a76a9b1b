using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Kapso.Web.Operators.Parts;

/// <summary>Sends a browser on to another of our pages: 303, so that it is fetched with GET, whatever led there.</summary>
internal sealed class Onward : IResult, IStatusCodeHttpResult
{
    private readonly string _url;

    private Onward(string url) => _url = url;

    /// <summary>To a path of ours, which may have characters that a header cannot carry.</summary>
    public static IResult To(HttpContext context, string path) => new Onward(context.Request.PathBase + path);

    /// <inheritdoc/>
    public int? StatusCode => StatusCodes.Status303SeeOther;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = UriHelper.Encode(new Uri(_url, UriKind.Relative));
        return Task.CompletedTask;
    }
}
