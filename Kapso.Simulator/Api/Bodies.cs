using System.Text.Json;

namespace Kapso.Simulator.Api;

/// <summary>Reads what is posted: members of another kind than asked for count as missing.</summary>
internal static class Bodies
{
    /// <summary>The body's JSON object; null where it is none.</summary>
    public static async Task<JsonElement?> ReadAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Answers the object that the body is wrapped in; refuses the body where it is missing.</summary>
    public static async Task<IResult> AnswerAsync(HttpRequest request, string wrapper, Func<JsonElement, IResult> answer) =>
        (await ReadAsync(request))?.Member(wrapper) is { ValueKind: JsonValueKind.Object } inner
            ? answer(inner)
            : Answers.Error(StatusCodes.Status400BadRequest, $"param is missing or the value is empty: {wrapper}");

    /// <summary>An absolute address of the web; null for anything else.</summary>
    public static Uri? WebUrl(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) ? url : null;

    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The texts of an array; null where it is none.</summary>
    public static IReadOnlyList<string>? Texts(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } array
            ? [.. array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : null;

    public static double? Number(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    public static bool? Truth(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } truth ? truth.GetBoolean() : null;

    public static DateTimeOffset? Time(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } member && member.TryGetDateTimeOffset(out var time) ? time : null;
}
