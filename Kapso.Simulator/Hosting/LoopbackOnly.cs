using System.Net;
using Kapso.Simulator.Api;

namespace Kapso.Simulator.Hosting;

/// <summary>
/// Answers this machine only. A page from elsewhere that makes a browser of this machine post here is refused by its
/// <c>Origin</c>.
/// </summary>
internal sealed class LoopbackOnly : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(Plain(address)))
            return Answers.Error(StatusCodes.Status403Forbidden, "The simulator answers this machine only.");
        if (IsForeign(http.Request))
            return Answers.Error(StatusCodes.Status403Forbidden, "The simulator takes nothing from pages of other origins.");
        return await next(context);
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool IsForeign(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !HttpMethods.IsGet(request.Method)
        && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
