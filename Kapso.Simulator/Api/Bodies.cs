using System.Text.Json;

namespace Kapso.Simulator.Api;

/// <summary>Reads what is posted.</summary>
internal static class Bodies
{
    /// <summary>The body's JSON; null where it is none.</summary>
    public static async Task<JsonElement?> ReadAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The object that the body is wrapped in; null where it is missing.</summary>
    public static async Task<JsonElement?> ReadAsync(HttpRequest request, string wrapper) =>
        await ReadAsync(request) is { ValueKind: JsonValueKind.Object } body
            && body.TryGetProperty(wrapper, out var inner) && inner.ValueKind == JsonValueKind.Object
            ? inner
            : null;

    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;

    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    public static DateTimeOffset? Time(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } member && member.TryGetDateTimeOffset(out var time) ? time : null;
}
