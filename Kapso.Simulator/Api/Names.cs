using System.Text.Json;

namespace Kapso.Simulator.Api;

/// <summary>Members of enums as the outside writes them: snake_case.</summary>
internal static class Names
{
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static bool TryParse<T>(string? name, out T value) where T : struct, Enum
    {
        foreach (var one in Enum.GetValues<T>())
        {
            if (Of(one) == name)
            {
                value = one;
                return true;
            }
        }

        value = default;
        return false;
    }
}
