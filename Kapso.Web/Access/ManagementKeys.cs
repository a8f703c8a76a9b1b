using Kapso.Platform.Settings;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Access;

/// <summary>The configured management keys.</summary>
public sealed class ManagementKeys
{
    private const string Scheme = "Bearer ";

    /// <summary>Takes the keys from the settings. None configured: no key is right.</summary>
    public ManagementKeys(IOptions<KapsoOptions> options)
    {
        var management = options.Value.Management;
        Administrator = string.IsNullOrEmpty(management.ApiKey)
            ? null
            : new KnownKey(AuditActor.ManagementKey, management.ApiKey, ManagementRole.Administer);
        All =
        [
            .. Administrator is null ? [] : (KnownKey[])[Administrator],
            .. management.Keys.Select(key => new KnownKey(AuditActor.Key(key.Name!), key.Key!, key.Role!.Value, key.Expires)),
        ];
    }

    /// <summary>The one key of <see cref="ManagementOptions.ApiKey"/>; null where it is not set.</summary>
    public KnownKey? Administrator { get; }

    /// <summary>All of them, also those that have ended.</summary>
    public IReadOnlyList<KnownKey> All { get; }

    /// <summary>The key that an <c>Authorization</c> header brings as a bearer token, also where it has ended; null for none of ours.</summary>
    public KnownKey? FindBrought(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? Find(authorization[Scheme.Length..].Trim())
            : null;

    /// <summary>The key that a text is, also where it has ended; null for none of ours. The time it takes tells nothing about the keys.</summary>
    public KnownKey? Find(string key)
    {
        var hash = KnownKey.HashOf(key);
        KnownKey? found = null;
        foreach (var known in All)
        {
            if (known.Has(hash))
                found = known;
        }

        return found;
    }
}
