using System.Text.Json;

namespace Kapso.Testing.Simulator;

/// <summary>Reads members.</summary>
internal static class JsonMembers
{
    public static string? Text(this JsonElement element, string member) => element.GetProperty(member).GetString();

    public static bool Is(this JsonElement element, string member) => element.GetProperty(member).GetBoolean();
}
