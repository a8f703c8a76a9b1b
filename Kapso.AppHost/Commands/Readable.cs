using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kapso.AppHost.Commands;

/// <summary>JSON for people.</summary>
internal static class Readable
{
    // It is shown as text: what a page would have to escape can stay as it is.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A value as JSON on several lines.</summary>
    public static string Write(object value) => JsonSerializer.Serialize(value, Indented);

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
