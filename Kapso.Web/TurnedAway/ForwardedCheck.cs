using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kapso.Web.TurnedAway;

/// <summary>
/// Counts requests whose forwarded headers were not taken: behind a proxy that is not trusted all clients share one limit, and count as
/// http. Comes after the framework's own middleware, which takes away what it has used and puts the original beside it.
/// </summary>
internal sealed class ForwardedCheck(RequestDelegate next, TurnedAwayCounter counter, IOptions<ForwardedHeadersOptions> options)
{
    private const string Forwarded = "Forwarded";

    private readonly ForwardedHeadersOptions _options = options.Value;

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;

        // Of several proxies the address is now the first that is not trusted, or whose word could not be read. A scheme more than
        // addresses tells of nobody.
        if (headers.ContainsKey(_options.ForwardedForHeaderName)
            || (headers.ContainsKey(_options.ForwardedProtoHeaderName) && !headers.ContainsKey(_options.OriginalForHeaderName)))
            counter.Count(IsTrusted(context.Connection.RemoteIpAddress) ? TurnedAwayKind.ForwardedUnreadable : TurnedAwayKind.ProxyNotTrusted, null, context);
        else if (headers.ContainsKey(Forwarded) && !headers.ContainsKey(_options.OriginalForHeaderName))
            counter.Count(IsTrusted(context.Connection.RemoteIpAddress) ? TurnedAwayKind.ForwardedNotRead : TurnedAwayKind.ProxyNotTrusted, null, context);
        return next(context);
    }

    private bool IsTrusted(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();

        // A connection without an address, over a socket of this machine, is trusted where anything is: so does the framework.
        return address is null
            ? _options.KnownProxies.Count + _options.KnownIPNetworks.Count > 0
            : _options.KnownProxies.Contains(address) || _options.KnownIPNetworks.Any(network => network.Contains(address));
    }
}
