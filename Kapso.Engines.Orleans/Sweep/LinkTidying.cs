using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans.Sweep;

/// <summary>
/// Takes the states and links out of the index that an earlier version left there when they dropped out of their connections:
/// once for each project and store, a few customers at a time, each asked in a turn of its own. A round in which somebody could
/// not be asked (a silo of the earlier version does not know the question) is made again a day later.
/// </summary>
internal sealed partial class LinkTidying(
    string projectId, ConnectionIndex index, IGrainFactory grains, EngineClock clock, ILogger logger)
{
    /// <summary>Customers asked at a time.</summary>
    private const int MaxCustomers = 64;

    /// <summary>Entries read at a time: the index of states is that of all projects.</summary>
    private const int MaxEntries = 1_024;

    private static readonly TimeSpan BetweenRounds = TimeSpan.FromDays(1);

    private IAsyncEnumerator<LinkEntry>? _entries;
    private DateTimeOffset _nextRound = DateTimeOffset.MinValue;
    private bool _isDone;
    private bool _hasFailed;

    /// <summary>Goes on where the last call stopped. Does nothing once all is done.</summary>
    public async Task ContinueAsync()
    {
        if (_isDone || clock.Now < _nextRound)
            return;
        if (_entries is null)
        {
            if (_isDone = await index.AreLinksTidiedAsync(projectId))
                return;
            (_entries, _hasFailed) = (index.FindLinksAsync(projectId).GetAsyncEnumerator(), false);
        }

        try
        {
            var (customers, isLast) = await ReadAsync(_entries);
            await Task.WhenAll(customers.Select(customer => AskAsync(customer.Key, customer.Value)));
            if (!isLast)
                return;
            if (_hasFailed)
                _nextRound = clock.Now + BetweenRounds;
            else
                await index.SetLinksTidiedAsync(projectId, clock.Now);
            _isDone = !_hasFailed;
            await EndAsync();
        }
        catch
        {
            await EndAsync(); // What reads the index cannot go on after an error: the next call begins again.
            throw;
        }
    }

    private async Task EndAsync()
    {
        if (_entries is { } entries)
            await entries.DisposeAsync();
        _entries = null;
    }

    private static async Task<(Dictionary<string, Found> Customers, bool IsLast)> ReadAsync(IAsyncEnumerator<LinkEntry> entries)
    {
        var customers = new Dictionary<string, Found>(StringComparer.Ordinal);
        for (var read = 0; read < MaxEntries && customers.Count < MaxCustomers; read++)
        {
            if (!await entries.MoveNextAsync())
                return (customers, true);
            if (entries.Current is not { CustomerId: { } customerId } entry || !BoundedId.IsValid(customerId))
                continue; // Another project's.
            if (!customers.TryGetValue(customerId, out var found))
                customers[customerId] = found = new Found([], []);
            (entry.IsState ? found.States : found.Links).Add(entry.Name);
        }

        return (customers, false);
    }

    private async Task AskAsync(string customerId, Found found)
    {
        try
        {
            await grains.GetGrain<IConnectionGrain>(GrainKey.Of(new CustomerKey(projectId, customerId)))
                .ForgetLinksAsync([.. found.States], [.. found.Links]);
        }
#pragma warning disable CA1031 // Nothing but room hangs on it: the next round asks again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!_hasFailed)
                LogNotAsked(UnreadableRecord.Untold(exception), customerId, projectId);
            _hasFailed = true;
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Customer {CustomerId} of project {ProjectId} could not be asked which setup links are still theirs; all are asked again in a day.")]
    private partial void LogNotAsked(Exception? exception, string customerId, string projectId);

    private sealed record Found(List<string> States, List<string> Links);
}
