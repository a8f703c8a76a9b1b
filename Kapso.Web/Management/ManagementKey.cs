using System.Security.Cryptography;
using System.Text;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Management;

/// <summary>The configured management key, known here only by its hash.</summary>
public sealed class ManagementKey
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _hash;

    /// <summary>Takes the key from the settings. None configured: no key is right.</summary>
    public ManagementKey(IOptions<KapsoOptions> options)
    {
        var key = options.Value.Management.ApiKey;
        _hash = string.IsNullOrEmpty(key) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key));
    }

    /// <summary>Whether an <c>Authorization</c> header brings the key as a bearer token.</summary>
    public bool IsBroughtBy(string? authorization) =>
        authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && IsRight(authorization[Scheme.Length..].Trim());

    /// <summary>A key of our own for one purpose. It changes with the management key; null where none is configured.</summary>
    internal byte[]? Derive(string purpose) => _hash is null
        ? null
        : HKDF.DeriveKey(HashAlgorithmName.SHA256, _hash, SHA256.HashSizeInBytes, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>Whether this is the key. The time it takes tells nothing about the key, not even its length.</summary>
    public bool IsRight(string key)
    {
        if (_hash is null)
            return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }
}
