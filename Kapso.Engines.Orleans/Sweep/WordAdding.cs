using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans.Sweep;

/// <summary>
/// Puts the words and the names of the customers into the index whom an earlier version wrote: once for each project and store, some
/// customers at a time, each asked in a turn of its own. A round in which somebody could not be asked (a silo of the earlier version
/// does not know the question) is made again some minutes later.
/// </summary>
internal sealed partial class WordAdding(
    string projectId, ConnectionIndex index, IGrainFactory grains, EngineClock clock, ILogger logger)
{
    /// <summary>Customers asked at a time.</summary>
    private const int MaxCustomers = 256;

    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMinutes(10);

    private IAsyncEnumerator<string>? _customers;
    private DateTimeOffset _nextRound = DateTimeOffset.MinValue;
    private bool _isDone;
    private int _failed;

    /// <summary>Goes on where the last call stopped. Does nothing once all is done.</summary>
    public async Task ContinueAsync()
    {
        if (_isDone || clock.Now < _nextRound)
            return;
        if (_customers is null)
        {
            if (_isDone = await index.AreWordsAddedAsync(projectId))
                return;
            (_customers, _failed) = (index.FindCustomersAsync(projectId).GetAsyncEnumerator(), 0);
        }

        try
        {
            var (isLast, asked) = (false, new List<Task>());
            while (asked.Count < MaxCustomers && !isLast)
            {
                isLast = !await _customers.MoveNextAsync();
                if (!isLast && BoundedId.IsValid(_customers.Current))
                    asked.Add(AskAsync(_customers.Current));
            }

            await Task.WhenAll(asked);
            if (isLast)
                await EndRoundAsync();
        }
        catch
        {
            await EndAsync(); // What reads the rows cannot go on after an error: the next call begins again.
            throw;
        }
    }

    private async Task EndRoundAsync()
    {
        if (_failed > 0)
        {
            _nextRound = clock.Now + BetweenRounds;
            LogNotAsked(_failed, projectId, BetweenRounds);
        }
        else
            await index.SetWordsAddedAsync(projectId, clock.Now);
        _isDone = _failed == 0;
        await EndAsync();
    }

    private async Task EndAsync()
    {
        if (_customers is { } customers)
            await customers.DisposeAsync();
        _customers = null;
    }

    private async Task AskAsync(string customerId)
    {
        try
        {
            await grains.GetGrain<IConnectionGrain>(GrainKey.Of(new CustomerKey(projectId, customerId))).AddWordsAsync();
        }
#pragma warning disable CA1031 // Only the search hangs on it: the next round asks again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (_failed++ == 0)
                LogFailed(UnreadableRecord.Untold(exception), customerId, projectId);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Customer {CustomerId} of project {ProjectId} could not be put into the index that searches look into.")]
    private partial void LogFailed(Exception? exception, string customerId, string projectId);

    [LoggerMessage(2, LogLevel.Warning,
        "{Count} customers of project {ProjectId} are not found by name, own id or phone yet; all are asked again in {Wait}.")]
    private partial void LogNotAsked(int count, string projectId, TimeSpan wait);
}
