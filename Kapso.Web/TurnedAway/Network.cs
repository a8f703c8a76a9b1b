using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kapso.Web.TurnedAway;

/// <summary>
/// Where something came from, as coarse as it is kept: a /24 of IPv4, a /48 of IPv6. A value, so that counting one allocates nothing.
/// </summary>
internal readonly record struct Network
{
    private const int V4Bits = 24;
    private const int V6Bits = 48;

    private readonly AddressFamily _family;
    private readonly ulong _prefix;

    private Network(AddressFamily family, ulong prefix) => (_family, _prefix) = (family, prefix);

    /// <summary>The network of an address; one of its own for all that are not known.</summary>
    public static Network Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out var length))
            return default;
        if (address.IsIPv4MappedToIPv6)
            return V4(bytes[12..]);
        return length == 4
            ? V4(bytes)
            : new Network(AddressFamily.InterNetworkV6, BinaryPrimitives.ReadUInt64BigEndian(bytes) >> (64 - V6Bits));
    }

    /// <summary>As operators read it.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        switch (_family)
        {
            case AddressFamily.InterNetwork:
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_prefix << (32 - V4Bits));
                return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes[..4])}/{V4Bits}");
            case AddressFamily.InterNetworkV6:
                BinaryPrimitives.WriteUInt64BigEndian(bytes, _prefix << (64 - V6Bits));
                return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{V6Bits}");
            default:
                return "unknown";
        }
    }

    private static Network V4(ReadOnlySpan<byte> bytes) =>
        new(AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes) >> (32 - V4Bits));
}
