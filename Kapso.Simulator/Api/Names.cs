using System.Text.Json;

namespace Kapso.Simulator.Api;

/// <summary>Members of enums as the outside writes them: snake_case.</summary>
internal static class Names
{
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The member with the name; null where there is none.</summary>
    public static T? Parse<T>(string? name) where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => Of(value!.Value) == name);

    /// <summary>All names, for those who gave another.</summary>
    public static string List<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of));
}
