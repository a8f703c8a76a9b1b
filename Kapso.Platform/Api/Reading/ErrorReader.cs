using System.Text.Json;

namespace Kapso.Platform.Api.Reading;

/// <summary>Reads the platform's errors: <c>error</c> is a text or, in message sending, Meta's object.</summary>
internal static class ErrorReader
{
    private const int MaxCode = 64;

    /// <summary>The code, where there is one, and what the platform says; an empty text where it says nothing.</summary>
    public static (string? Code, string Text) Read(JsonElement body)
    {
        var error = body.Member("error") ?? body.Member("errors") ?? body;
        return error.ValueKind switch
        {
            JsonValueKind.String => OfText(error.GetString()!, body),
            JsonValueKind.Object => OfObject(error),
            JsonValueKind.Array => (null, PlainText.Of(string.Join("; ", error.EnumerateArray().Select(OfItem)))),
            _ => (null, ""),
        };
    }

    private static (string?, string) OfText(string text, JsonElement body)
    {
        // "insufficient_credits" is a code that stands alone; the sentence, if any, is beside it.
        var code = body.Text("code") ?? (IsCode(text) ? text : null);
        return (Bounded(code), PlainText.Of(body.Text("message") is { } message ? $"{text}: {message}" : text));
    }

    private static (string?, string) OfObject(JsonElement error)
    {
        var text = error.Text("message") ?? error.Text("title") ?? error.Text("type") ?? "";
        if (error.Member("error_data") is { } data && data.Text("details") is { } details && details != text)
            text = text.Length == 0 ? details : $"{text}: {details}";
        return (Bounded(error.Text("code")), PlainText.Of(text));
    }

    private static string OfItem(JsonElement item) =>
        item.ValueKind == JsonValueKind.String ? item.GetString()! : item.Text("message") ?? item.Text("title") ?? "";

    private static bool IsCode(string text) => text.Contains('_', StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string? Bounded(string? code) =>
        code is { Length: <= MaxCode } && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') ? code : null;
}
