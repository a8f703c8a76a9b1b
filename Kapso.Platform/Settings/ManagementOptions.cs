namespace Kapso.Platform.Settings;

/// <summary>Who may use the management surface: the API below <c>/api</c>, and the operators' pages.</summary>
public sealed class ManagementOptions
{
    /// <summary>The key that operators and the company's application bring as a bearer token. It administers, and does not end.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Further keys, each with what it may do. Default: none.</summary>
    public IList<ManagementKeyOptions> Keys { get; } = [];

    /// <summary>A provider at which people sign in, beside keys; off where no authority is set.</summary>
    public OpenIdConnectSettings OpenIdConnect { get; set; } = new();
}

/// <summary>What somebody may do. In this order: each may do what those before it may.</summary>
public enum ManagementRole
{
    /// <summary>See everything but the addresses of setup links, and change nothing.</summary>
    Read,

    /// <summary>The daily work: customers, links, effects, parked deliveries, messages, reconciliation.</summary>
    Operate,

    /// <summary>Also what decides where data goes, and what cannot be undone: receivers, erasing, a replaced store.</summary>
    Administer,
}

/// <summary>One of several management keys.</summary>
public sealed class ManagementKeyOptions
{
    /// <summary>What the audit calls it: 1 to 64 characters.</summary>
    public string? Name { get; set; }

    /// <summary>The key, at least 16 characters.</summary>
    public string? Key { get; set; }

    /// <summary>What it may do.</summary>
    public ManagementRole? Role { get; set; }

    /// <summary>When it ends. Default: never.</summary>
    public DateTimeOffset? Expires { get; set; }
}

/// <summary>A provider of OpenID Connect at which people sign in.</summary>
public sealed class OpenIdConnectSettings
{
    /// <summary>Its address, below which <c>.well-known/openid-configuration</c> is: https, or http on this machine and in Development.</summary>
    public Uri? Authority { get; set; }

    /// <summary>This service's id there.</summary>
    public string? ClientId { get; set; }

    /// <summary>This service's secret there. Default: none, as a public client.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What the button says: <c>Sign in with</c> and this, at most 40 characters. Default: single sign-on.</summary>
    public string Name { get; set; } = "single sign-on";

    /// <summary>What is asked for beside <c>openid</c>. Default: <c>profile</c>.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>The claim with a person's name. Default <c>name</c>; where there is none, <c>preferred_username</c>, <c>email</c>, then <c>sub</c>.</summary>
    public string NameClaim { get; set; } = "name";

    /// <summary>The claim with a person's roles: one value or several, or the path to them within one, as <c>realm_access.roles</c>. Default <c>roles</c>.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>The values of that claim that make a role. Who has several has the highest; who has none is not let in.</summary>
    public RoleValues Roles { get; set; } = new();
}

/// <summary>The values of a claim that make a role.</summary>
public sealed class RoleValues
{
    /// <summary>Those that make <see cref="ManagementRole.Read"/>.</summary>
    public IList<string> Read { get; } = [];

    /// <summary>Those that make <see cref="ManagementRole.Operate"/>.</summary>
    public IList<string> Operate { get; } = [];

    /// <summary>Those that make <see cref="ManagementRole.Administer"/>.</summary>
    public IList<string> Administer { get; } = [];

    /// <summary>The highest role that one of the values makes; null for none.</summary>
    public ManagementRole? Highest(IReadOnlyCollection<string> values) =>
        values.Any(Administer.Contains) ? ManagementRole.Administer
        : values.Any(Operate.Contains) ? ManagementRole.Operate
        : values.Any(Read.Contains) ? ManagementRole.Read
        : null;
}
