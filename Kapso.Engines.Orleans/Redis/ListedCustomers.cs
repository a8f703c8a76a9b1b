namespace Kapso.Engines.Orleans.Redis;

/// <summary>Reads the connections of the customers on a page, side by side.</summary>
internal static class ListedCustomers
{
    /// <summary>
    /// The connections of those who could be read, in the order of the keys. One whose record cannot be read is passed over and
    /// hides no other; where that is so for all of them, nobody answers, and the list fails.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, Connection?>> FindAsync(
        IReadOnlyCollection<CustomerKey> keys, Func<CustomerKey, Task<Connection?>> find)
    {
        var found = new Dictionary<string, Connection?>(StringComparer.Ordinal);
        Exception? failure = null;
        foreach (var (key, finding) in keys.Select(key => (key, find(key))).ToList())
        {
            try
            {
                found[key.CustomerId] = await finding;
            }
            catch (EngineUnavailableException exception)
            {
                failure = exception;
            }
        }

        return found.Count == 0 && failure is not null ? throw failure : found;
    }
}
