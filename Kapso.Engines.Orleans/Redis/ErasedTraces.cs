using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>What in the indexes still names a customer, whatever their connection says: what an earlier version or a failed write left too.</summary>
/// <param name="Numbers">Numbers that they proved.</param>
/// <param name="States">States of links.</param>
/// <param name="Links">The platform's ids of links.</param>
/// <param name="Entries">Entries in the index of due times.</param>
internal sealed record ErasedTraces(string[] Numbers, string[] States, string[] Links, string[] Entries)
{
    private const int PageSize = 1_000;

    /// <summary>Looks through the indexes of a project, some at a time.</summary>
    public static async Task<ErasedTraces> FindAsync(IDatabase database, StoreKeys keys, CustomerKey key)
    {
        var whose = key.ProjectId + StoreKeys.Separator + key.CustomerId;
        return new ErasedTraces(
            await FieldsAsync(database, keys.Numbers(key.ProjectId), value => value.Split(StoreKeys.Separator).Contains(key.CustomerId)),
            await FieldsAsync(database, keys.States, value => value == whose),
            await FieldsAsync(database, keys.Links(key.ProjectId), value => value == key.CustomerId),
            await EntriesAsync(database, keys.Due(key.ProjectId), key.CustomerId));
    }

    private static async Task<string[]> FieldsAsync(IDatabase database, RedisKey hash, Predicate<string> isTheirs)
    {
        var fields = new List<string>();
        await foreach (var entry in database.HashScanAsync(hash, pageSize: PageSize))
        {
            if (isTheirs(entry.Value.ToString()))
                fields.Add(entry.Name.ToString());
        }

        return [.. fields];
    }

    private static async Task<string[]> EntriesAsync(IDatabase database, RedisKey due, string customer)
    {
        var entries = new List<string>();
        await foreach (var entry in database.SortedSetScanAsync(due, RedisPattern.Escape(customer) + StoreKeys.Separator + "*", PageSize))
            entries.Add(entry.Element.ToString());
        return [.. entries];
    }
}
