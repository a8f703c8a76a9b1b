using System.Text.Json;

namespace Kapso.AppHost.Commands;

/// <summary>JSON for people.</summary>
internal static class Readable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The same JSON on several lines; what is no JSON stays as it is.</summary>
    public static string Indent(string json)
    {
        try
        {
            return JsonSerializer.Serialize(JsonElement.Parse(json), Indented);
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
