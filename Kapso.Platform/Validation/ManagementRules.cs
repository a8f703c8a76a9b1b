using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Rules for who may use the management surface.</summary>
internal static class ManagementRules
{
    private const int MinKey = 16;
    private const int MaxButton = 40;

    private static readonly string MakeOne = $"set a random key of at least {MinKey} characters; `openssl rand -hex 32` makes one.";

    public static void Check(ManagementOptions management, bool development, Mistakes mistakes)
    {
        var provider = management.OpenIdConnect;
        if (management.ApiKey is { } key)
            CheckKey("Management:ApiKey", key, mistakes);
        else if (!development && management.Keys.Count == 0 && provider.Authority is null)
            mistakes.Add("Management:ApiKey", $"is missing: {MakeOne}");
        CheckKeys(management, mistakes);
        if (provider.Authority is { } authority)
            CheckProvider(provider, authority, development, mistakes);
        else if (provider.ClientId is not null)
            mistakes.Add("Management:OpenIdConnect:Authority", "is missing: set the provider's address, below which /.well-known/openid-configuration is.");
    }

    private static void CheckKeys(ManagementOptions management, Mistakes mistakes)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [AuditActor.ManagementKey.Name] = "Kapso:Management:ApiKey" };
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        if (management.ApiKey is { } first)
            keys[first] = "Kapso:Management:ApiKey";
        for (var i = 0; i < management.Keys.Count; i++)
        {
            var (one, setting) = (management.Keys[i], $"Management:Keys:{i}");
            if (string.IsNullOrEmpty(one.Name))
                mistakes.Add($"{setting}:Name", "is missing: set what the audit is to call the key.");
            else if (one.Name.Length > TimelineEntry.MaxBy || !BoundedId.IsValid(one.Name))
                mistakes.Add($"{setting}:Name", $"is no name: set 1 to {TimelineEntry.MaxBy} characters, none of them a control character, and no blank at its ends.");
            else if (!names.TryAdd(one.Name, $"Kapso:{setting}"))
                mistakes.Add($"{setting}:Name", $"is what {names[one.Name]} is called: give each key a name of its own.");

            if (one.Role is null)
                mistakes.Add($"{setting}:Role", "is missing: set read, operate or administer.");
            if (one.Key is null)
                mistakes.Add($"{setting}:Key", $"is missing: {MakeOne}");
            else if (CheckKey($"{setting}:Key", one.Key, mistakes) && !keys.TryAdd(one.Key, $"Kapso:{setting}:Key"))
                mistakes.Add($"{setting}:Key", $"is the same as {keys[one.Key]}: nobody could tell the two apart.");
        }
    }

    private static bool CheckKey(string setting, string key, Mistakes mistakes)
    {
        var objection = key.Length < MinKey ? $"is too short: {MakeOne}"
            : Tokens.Objection(key) ?? (key is ['"', .., '"'] or ['\'', .., '\'']
                ? "has quotation marks around it, which callers would have to send as well: write it without."
                : null);
        if (objection is not null)
            mistakes.Add(setting, objection);
        return objection is null;
    }

    private static void CheckProvider(OpenIdConnectSettings provider, Uri authority, bool development, Mistakes mistakes)
    {
        const string Setting = "Management:OpenIdConnect";
        if (Urls.Objection(authority, "https://login.example.com/realms/company") is { } objection)
            mistakes.Add($"{Setting}:Authority", objection);
        else if (authority.Scheme != Uri.UriSchemeHttps && !development && !authority.IsLoopback)
            mistakes.Add($"{Setting}:Authority", "has to be https outside Development, unless it is this machine only: what it says lets people in.");
        else if (authority.UserInfo.Length > 0 || authority.Query.Length > 0 || authority.Fragment.Length > 0)
            mistakes.Add($"{Setting}:Authority", "has more than scheme, host, port and path: /.well-known/openid-configuration is put behind it.");

        if (string.IsNullOrWhiteSpace(provider.ClientId))
            mistakes.Add($"{Setting}:ClientId", "is missing: set the id that this service has at the provider.");
        if (provider.Name.Length is 0 or > MaxButton || !BoundedId.IsValid(provider.Name))
            mistakes.Add($"{Setting}:Name", $"does not fit on a button: set 1 to {MaxButton} characters.");
        foreach (var (claim, name) in ((string, string)[])[(provider.NameClaim, "NameClaim"), (provider.RoleClaim, "RoleClaim")])
        {
            if (string.IsNullOrWhiteSpace(claim))
                mistakes.Add($"{Setting}:{name}", "is empty: set the name of a claim, or remove the setting.");
        }

        CheckRoles(provider.Roles, mistakes);
    }

    private static void CheckRoles(RoleValues roles, Mistakes mistakes)
    {
        const string Setting = "Management:OpenIdConnect:Roles";
        if (roles.Read.Count + roles.Operate.Count + roles.Administer.Count == 0)
            mistakes.Add($"{Setting}:Administer:0", "is missing, as is every other value: set at least one that the role claim has, or nobody is let in.");
        foreach (var (name, values) in ((string, IList<string>)[])[(nameof(roles.Read), roles.Read), (nameof(roles.Operate), roles.Operate), (nameof(roles.Administer), roles.Administer)])
        {
            for (var i = 0; i < values.Count; i++)
            {
                if (string.IsNullOrWhiteSpace(values[i]))
                    mistakes.Add($"{Setting}:{name}:{i}", "is empty: set a value of the role claim, or remove the setting.");
            }
        }
    }
}
