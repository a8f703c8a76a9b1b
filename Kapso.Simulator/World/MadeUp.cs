using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kapso.Simulator.World;

/// <summary>
/// Ids, tokens and numbers that belong to nobody, as a function of seed, kind and how many of the kind came before. Numbers
/// are from +1 555, an area code that is not assigned.
/// </summary>
internal sealed class MadeUp(int seed, IReadOnlyDictionary<string, int>? made = null)
{
    private readonly Dictionary<string, int> _counts = new(made ?? new Dictionary<string, int>());

    /// <summary>How many of each kind were made.</summary>
    public IReadOnlyDictionary<string, int> Made => _counts;

    public string Uuid(string kind)
    {
        var bytes = Next(kind)[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    public string Token(string kind) => Convert.ToHexStringLower(Next(kind)[..16]);

    /// <summary>Digits as long as Meta's ids, the first of them not 0.</summary>
    public string Digits(string kind, int length)
    {
        var number = BinaryPrimitives.ReadUInt64BigEndian(Next(kind)) % (ulong)Math.Pow(10, length - 1);
        return "1" + number.ToString(CultureInfo.InvariantCulture).PadLeft(length - 1, '0');
    }

    /// <summary>Eleven digits: 1, 555 and seven more.</summary>
    public string PhoneNumber() =>
        "1555" + (1_000_000 + (BinaryPrimitives.ReadUInt32BigEndian(Next("display")) % 9_000_000)).ToString(CultureInfo.InvariantCulture);

    private byte[] Next(string kind)
    {
        var count = _counts.GetValueOrDefault(kind);
        _counts[kind] = count + 1;
        return SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{kind}/{count}")));
    }
}
