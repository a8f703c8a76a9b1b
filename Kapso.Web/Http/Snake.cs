using System.Collections.Frozen;
using System.Text.Json;

namespace Kapso.Web.Http;

/// <summary>Names of enum members as the surface writes them: snake_case.</summary>
internal static class Snake
{
    /// <summary>The member's name, e.g. <c>engine_unavailable</c>.</summary>
    public static string Of<T>(T value) where T : struct, Enum => Names<T>.All[value];

    /// <summary>The member with this name; false for anything else, numbers included.</summary>
    public static bool TryParse<T>(string? name, out T value) where T : struct, Enum
    {
        foreach (var pair in Names<T>.All)
        {
            if (pair.Value == name)
            {
                value = pair.Key;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>All names, in the order of the members.</summary>
    public static IReadOnlyList<string> AllOf<T>() where T : struct, Enum =>
        [.. Enum.GetValues<T>().Select(Of)];

    private static class Names<T> where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> All = Enum.GetValues<T>()
            .ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}
