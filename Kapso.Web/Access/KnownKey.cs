using System.Security.Cryptography;
using System.Text;
using Kapso.Platform.Settings;

namespace Kapso.Web.Access;

/// <summary>A configured management key, known here only by its hash, and what it may do.</summary>
public sealed class KnownKey
{
    private readonly byte[] _hash;

    /// <summary>Takes a key from the settings.</summary>
    /// <param name="by">What the audit calls it.</param>
    /// <param name="key">The key.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="expiresAt">When it ends; null for never.</param>
    internal KnownKey(AuditActor by, string key, ManagementRole role, DateTimeOffset? expiresAt = null)
    {
        (By, Role, ExpiresAt) = (by, role, expiresAt);
        _hash = HashOf(key);
    }

    /// <summary>What the audit calls it.</summary>
    public AuditActor By { get; }

    /// <summary>What it may do.</summary>
    public ManagementRole Role { get; }

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded(DateTimeOffset now) => ExpiresAt <= now;

    /// <summary>A key of our own for one purpose. It changes with this one.</summary>
    internal byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _hash, SHA256.HashSizeInBytes, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>Whether a text has this hash. The time it takes tells nothing about the key, not even its length.</summary>
    internal bool Has(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(hash, _hash);

    /// <summary>The hash by which a key is known.</summary>
    internal static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
