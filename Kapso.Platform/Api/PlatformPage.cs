using System.Text.Json;
using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Api;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows that could be read, in the platform's order.</param>
/// <param name="Unreadable">How many rows made no sense: without an id, or not an object.</param>
/// <param name="TotalCount">Rows of the whole list, where the platform says.</param>
/// <param name="Next">What to ask the next page with; null at the last one.</param>
public sealed record PlatformPage<T>(IReadOnlyList<T> Items, int Unreadable, int? TotalCount, string? Next)
    where T : class
{
    /// <summary>A list of rows by page number; null where <c>data</c> is not a list.</summary>
    internal static PlatformPage<T>? Read(JsonElement body, Func<JsonElement, T?> readRow)
    {
        if (Rows(body, readRow) is not { } rows)
            return null;
        var meta = body.Member("meta") ?? default;
        var page = meta.Count("page") ?? meta.Count("current_page") ?? 1;
        var next = page < meta.Count("total_pages") ? (page + 1).ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
        return new(rows, Count(body) - rows.Count, meta.Count("total_count"), next);
    }

    /// <summary>A list by cursor, as Meta pages; null where <c>data</c> is not a list.</summary>
    internal static PlatformPage<T>? ReadByCursor(JsonElement body, Func<JsonElement, T?> readRow)
    {
        if (Rows(body, readRow) is not { } rows)
            return null;

        return new(rows, Count(body) - rows.Count, TotalCount: null, rows.Count == 0 ? null : Cursor(body.Member("paging") ?? default));
    }

    // Where "next" is said to be null this is the last page, although the last row's cursor is there.
    private static string? Cursor(JsonElement paging) =>
        paging.ValueKind == JsonValueKind.Object && paging.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.Null
            ? null
            : paging.Member("cursors")?.Text("after");

    private static List<T>? Rows(JsonElement body, Func<JsonElement, T?> readRow) =>
        body.Member("data") is { ValueKind: JsonValueKind.Array } data
            ? [.. data.EnumerateArray().Select(readRow).OfType<T>()]
            : null;

    private static int Count(JsonElement body) => body.Member("data")?.GetArrayLength() ?? 0;
}
