namespace Kapso.Engines.Contract;

/// <summary>
/// The lists of what needs a person, of customers with some tags. Such lists are short, so that there is no index of them by tag: rows are
/// read and passed over. A page can have fewer rows than wanted, or none, and go on.
/// </summary>
public static class TaggedLists
{
    /// <summary>Most pages of the whole list that are read for one of these.</summary>
    public const int MaxReads = 10;

    /// <summary>Most rows of a page.</summary>
    private const int MaxRows = 500;

    /// <summary>As <see cref="IEffects.ListEffectsAsync"/>, those of customers who have all of the tags, each as <c>key:value</c>.</summary>
    public static Task<Page<EffectRow>> ListEffectsAsync(
        this IEffects effects,
        string projectId,
        EffectStatus status,
        IReadOnlyCollection<string> tags,
        string? cursor,
        int limit,
        CancellationToken cancellationToken) =>
        FilterAsync(
            tags, static row => row.Names, cursor, limit,
            (after, wanted) => effects.ListEffectsAsync(projectId, status, after, wanted, cancellationToken));

    /// <summary>As <see cref="IConnections.ListMarkedNumbersAsync"/>, those of customers who have all of the tags, each as <c>key:value</c>.</summary>
    public static Task<Page<MarkedNumber>> ListMarkedNumbersAsync(
        this IConnections connections,
        string projectId,
        NumberMark mark,
        IReadOnlyCollection<string> tags,
        string? cursor,
        int limit,
        CancellationToken cancellationToken) =>
        FilterAsync(
            tags, static row => row.Names, cursor, limit,
            (after, wanted) => connections.ListMarkedNumbersAsync(projectId, mark, after, wanted, cancellationToken));

    /// <summary>Reads on until there are enough rows, the list ends, or it was read often enough.</summary>
    private static async Task<Page<T>> FilterAsync<T>(
        IReadOnlyCollection<string> tags, Func<T, CustomerNames?> namesOf, string? cursor, int limit, Func<string?, int, Task<Page<T>>> readAsync)
    {
        if (tags.Count == 0)
            return await readAsync(cursor, limit);
        limit = Math.Min(limit, MaxRows);
        var rows = new List<T>();
        for (var reads = 0; reads < MaxReads && rows.Count < limit; reads++)
        {
            var page = await readAsync(cursor, limit - rows.Count);
            rows.AddRange(page.Items.Where(row => CustomerNames.HaveAll(namesOf(row), tags)));
            cursor = page.NextCursor;
            if (cursor is null)
                break;
        }

        return new Page<T>(rows, cursor);
    }
}
