using System.Security.Claims;
using System.Text.Json;

namespace Kapso.Web.Operators.SignIn;

/// <summary>What a provider says of somebody, as far as it is asked for.</summary>
internal static class ProviderClaims
{
    private static readonly string[] OtherNames = ["preferred_username", "email", "sub"];

    /// <summary>The values of a claim; where there is none of that name, those at its path within one, as <c>realm_access.roles</c>.</summary>
    public static IReadOnlyCollection<string> ValuesOf(ClaimsPrincipal person, string name)
    {
        string[] direct = [.. person.FindAll(name).Select(claim => claim.Value)];
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return direct.Length > 0 || dot < 0
            ? direct
            : [.. person.FindAll(name[..dot]).SelectMany(claim => ValuesWithin(claim.Value, name[(dot + 1)..].Split('.')))];
    }

    /// <summary>What to call somebody: the claim's value, or the first of those that providers have otherwise; null where none is a name.</summary>
    public static string? NameOf(ClaimsPrincipal person, string name)
    {
        foreach (var claim in (string[])[name, .. OtherNames])
        {
            var value = person.FindFirstValue(claim)?.Trim() ?? "";
            var called = value.Length > TimelineEntry.MaxBy ? value[..TimelineEntry.MaxBy].TrimEnd() : value;
            if (called.Length > 0 && BoundedId.IsValid(called))
                return called;
        }

        return null;
    }

    private static IEnumerable<string> ValuesWithin(string json, string[] path)
    {
        JsonElement value;
        try
        {
            value = JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            return [];
        }

        foreach (var member in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(member, out value))
                return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
            _ => [],
        };
    }
}
