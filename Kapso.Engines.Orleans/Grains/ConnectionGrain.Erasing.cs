using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans.Grains;

internal sealed partial class ConnectionGrain
{
    /// <inheritdoc/>
    public Task<string> EraseAsync(string[] numbers, string[] states, string[] links, string[] entries) => AloneAsync(() => GuardAsync(async () =>
    {
        var erasure = await RememberAsync();
        await _index.WriteTailAsync(_key.ProjectId, new IndexTail(
            _key.CustomerId, RowScript.None, [.. IndexOperations.Erasure(Current, numbers, states, links)],
            [.. entries.Append(_due.Entry).Distinct(StringComparer.Ordinal).Select(static entry => (entry, (long?)null))]));
        if (_record.RecordExists)
            await _record.ClearStateAsync();
        _record.State = new ConnectionRecord();
        _due = new DueTime(DueEntry.Of(_key.CustomerId));
        _nobody = Connection.Empty(_key) with { Erasure = erasure.Mark };
        _lastObserved = null;
        _owed.Clear();
        Publish();
        return erasure.Hash;
    }));

    /// <summary>Writes down what is to be remembered, before anything is removed.</summary>
    private async Task<Erasure> RememberAsync()
    {
        var secret = Policy.Erasures!;
        var erasure = await _erasures.ChangeAsync(secret.OfCustomer(_key), before => Erasure.Begin(_key, _written, before, secret, _clock.Now));
        await _erasures.BarAsync(erasure);
        return erasure;
    }

    /// <summary>What is remembered of a customer who has no connection.</summary>
    private async Task<ErasureMark?> FindMarkAsync() => (await _erasures.FindAsync(Policy.Erasures!.OfCustomer(_key)))?.Mark;
}
