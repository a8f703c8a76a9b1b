namespace Kapso.Web.Management;

/// <summary>A page of a list as the surface shows it.</summary>
/// <param name="Items">The rows.</param>
/// <param name="NextCursor">What to ask the next page with; null after the last one.</param>
public sealed record ListView<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Makes lists of the engine's pages.</summary>
internal static class ListView
{
    /// <summary>Shows a page.</summary>
    public static ListView<T> Of<TRow, T>(Page<TRow> page, Func<TRow, T> show) =>
        new([.. page.Items.Select(show)], page.NextCursor);
}
