using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Http;

/// <summary>Who asks, for rate limits: an IPv4 address, or the /64 that one IPv6 site has at its disposal.</summary>
internal static class ClientAddress
{
    private const int SiteBytes = 8;

    /// <summary>The client's address as text; the same for all whose address is not known.</summary>
    public static string Of(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[SiteBytes..].Clear();
        return new IPAddress(bytes).ToString();
    }
}
