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
            JsonValueKind.String => OfText(error.Words(), body),
            JsonValueKind.Object => OfObject(error),
            JsonValueKind.Array => (null, PlainText.Of(string.Join("; ", error.EnumerateArray().Select(OfItem)))),
            _ => (null, ""),
        };
    }

    private static (string?, string) OfText(string text, JsonElement body)
    {
        // "insufficient_credits" is a code that stands alone; the sentence, if any, is beside it.
        var code = body.Text("code") ?? (IsCode(text) ? text : null);
        var more = body.Words("message") ?? Details(body);
        return (Bounded(code), PlainText.Of(more is not null && more != text ? $"{text}: {more}" : text));
    }

    private static (string?, string) OfObject(JsonElement error)
    {
        var text = error.Words("message") ?? error.Words("detail") ?? error.Words("title") ?? error.Text("type") ?? OfMembers(error);
        var details = error.Member("error_data")?.Words("details") ?? Details(error);
        if (details is not null && details != text)
            text = text.Length == 0 ? details : $"{text}: {details}";
        return (Bounded(error.Text("code")), PlainText.Of(text));
    }

    private static string? Details(JsonElement error) => error.Member("details") switch
    {
        { ValueKind: JsonValueKind.String } text => text.Words(),
        { ValueKind: JsonValueKind.Array } items => string.Join("; ", items.EnumerateArray().Select(OfItem)),
        { ValueKind: JsonValueKind.Object } members => OfMembers(members) is { Length: > 0 } text ? text : null,
        _ => null,
    };

    /// <summary>What is wrong with each member of what was sent: <c>{"url":["is invalid"]}</c>.</summary>
    private static string OfMembers(JsonElement members) => string.Join("; ", members.EnumerateObject()
        .Where(member => member.Value.ValueKind == JsonValueKind.Array)
        .Select(member => $"{member.Name} {string.Join(", ", member.Value.EnumerateArray().Select(OfItem))}"));

    private static string OfItem(JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.String)
            return item.Words();
        var text = item.Words("message") ?? item.Words("detail") ?? item.Words("title") ?? "";
        return (item.Words("field") ?? item.Words("attribute")) is { } field ? $"{field} {text}" : text;
    }

    private static bool IsCode(string text) => text.Contains('_', StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string? Bounded(string? code) =>
        code is { Length: <= MaxCode } && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') ? code : null;
}
