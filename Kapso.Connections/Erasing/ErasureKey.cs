using System.Security.Cryptography;
using System.Text;

namespace Kapso.Connections.Erasing;

/// <summary>
/// The key of a store, made once by chance, under which what is to be remembered of erased customers is hashed. Who has neither it nor
/// the ids learns nothing from the hashes.
/// </summary>
public sealed class ErasureKey : IEquatable<ErasureKey>
{
    /// <summary>Bytes of the key.</summary>
    public const int Size = 32;

    private const int HashSize = 16;

    private readonly byte[] _key;

    /// <param name="key">The key as it is kept.</param>
    /// <exception cref="ArgumentException">It has another <see cref="Size"/>.</exception>
    public ErasureKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Size)
            throw new ArgumentException($"A key of {Size} bytes was expected, not of {key.Length}.", nameof(key));
        _key = key.ToArray();
    }

    /// <summary>A new key.</summary>
    public static ErasureKey Create() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>The key, to be kept.</summary>
    public byte[] ToBytes() => [.. _key];

    /// <summary>Stands for a customer: 32 hex digits.</summary>
    public string OfCustomer(CustomerKey key) => Hash("customer", key, "");

    /// <summary>Stands for a number of a customer: 32 hex digits.</summary>
    public string OfNumber(CustomerKey key, string phoneNumberId) => Hash("number", key, phoneNumberId);

    /// <summary>Stands for a delivery about a customer, by its idempotency key: 32 hex digits.</summary>
    public string OfDelivery(CustomerKey key, string deliveryId) => Hash("delivery", key, deliveryId);

    /// <inheritdoc/>
    public bool Equals(ErasureKey? other) => other is not null && CryptographicOperations.FixedTimeEquals(_key, other._key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ErasureKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_key);

    /// <summary>Nothing of it.</summary>
    public override string ToString() => nameof(ErasureKey);

    // Ids hold no line ends.
    private string Hash(string kind, CustomerKey key, string id) => Convert.ToHexStringLower(
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{kind}\n{key.ProjectId}\n{key.CustomerId}\n{id}")).AsSpan(0, HashSize));
}
