using System.Collections.Concurrent;
using Kapso.Connections.Storage;

namespace Kapso.Tests.Engines.Memory;

public sealed partial class MemoryEngine
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _sends = new();

    /// <summary>Takes up what an earlier engine left: looks at every customer that has something to send, due or not.</summary>
    public async Task StartAsync()
    {
        if (_options.Sole)
            await OrphanPassesAsync();
        await SweepAsync(_ => true);
    }

    /// <summary>Claims and sends the effects that are due by now. Returns once they are claimed, not once they are sent.</summary>
    public async Task SweepAsync()
    {
        await SweepAsync(at => at <= Now || at - Now > ConnectionPolicy.MaxPutOff);
        await GuardAsync(async () =>
        {
            await PruneParkedAsync();
            await PruneAuditAsync();
            return true;
        });
    }

    /// <summary>Completes when nothing is being sent, and what was sent is settled or lost.</summary>
    public async Task IdleAsync()
    {
        while (!_sends.IsEmpty)
        {
            foreach (var send in _sends.Keys)
            {
                await send;
                _sends.TryRemove(send, out _);
            }
        }
    }

    private async Task SweepAsync(Func<DateTimeOffset, bool> isDue)
    {
        var entries = await GuardAsync(() => _session.ScanAsync(StoreTable.DueTimes, ""));
        foreach (var (name, record) in entries)
        {
            var due = DueTime.Read(record);
            if (!isDue(due.At))
                continue;
            await UpdateAsync(due.Key, (connection, _) => Task.FromResult(new Change<bool>(connection, true)));
            await ForgetDueTimeAsync(due.Key, name);
        }
    }

    /// <summary>
    /// Moves the entry of a customer that has nothing to send by now. The record is written again before: whoever has read
    /// the one of before must read again and make an entry of its own.
    /// </summary>
    private Task<bool> ForgetDueTimeAsync(CustomerKey key, string name) =>
        _turns.RunAsync(key, () => GuardAsync(async () =>
        {
            var (due, dueETag) = await _session.ReadAsync<DueTime>(StoreTable.DueTimes, name);
            var record = await _session.ReadAsync(StoreTable.Connections, Name(key));
            var wakeAt = record is null ? null : ConnectionJson.Read(record.Value).WakeAt;
            if (due is null || wakeAt <= due.At)
                return false;
            if (record is not null && !await _session.WriteAsync(StoreTable.Connections, Name(key), record.Value, record.ETag))
                return false;
            return wakeAt is { } at
                ? await _session.WriteAsync(StoreTable.DueTimes, name, new DueTime(key, at), dueETag)
                : await _session.WriteAsync(StoreTable.DueTimes, name, null, dueETag);
        }));

    /// <summary>Sends outside of the customer's turn and comes back as a call, so that a receiver that hangs delays no delivery.</summary>
    private void Send(ClaimedEffect claimed)
    {
        var send = Task.Run(() => SendAsync(claimed));
        _sends.TryAdd(send, true);
        send.ContinueWith(ended => _sends.TryRemove(ended, out _), TaskScheduler.Default);
    }

    private async Task SendAsync(ClaimedEffect claimed)
    {
        var result = await RunAsync(claimed);
        try
        {
            await RecordAttemptAsync(claimed, result);
            await SettleAttemptAsync(claimed, result);
        }
        catch (Exception exception) when (exception is EngineUnavailableException or StoreFailedException)
        {
            // The attempt's outcome is lost with the write; the lease lapses, and the sweep sends again under the same id.
        }
    }

    private async Task<EffectResult> RunAsync(ClaimedEffect claimed)
    {
        try
        {
            if (claimed.Effect.Kind == EffectKind.Release)
                return await ReleaseAsync(claimed);
            return _options.Runners.FirstOrDefault(runner => runner.Kind == claimed.Effect.Kind) is { } runner
                ? await runner.RunAsync(claimed, _stopping.Token)
                : EffectResult.Retry($"Nobody carries out effects of kind {claimed.Effect.Kind}.");
        }
        catch (Exception exception)
        {
            return EffectResult.Retry($"{exception.GetType().Name}: {exception.Message}", outcomeUnknown: true);
        }
    }

    private async Task<EffectResult> ReleaseAsync(ClaimedEffect claimed)
    {
        if (claimed.Effect.Detail is { } previousOwner
            && new CustomerKey(claimed.Key.ProjectId, previousOwner) is var key
            && await LoadAsync(key) is not null)
            await ObserveAsync(key, claimed.Effect.ToClaim(), CancellationToken.None);

        return EffectResult.Done;
    }

    private Task<bool> SettleAttemptAsync(ClaimedEffect claimed, EffectResult result) =>
        UpdateAsync(claimed.Key, async (connection, _) =>
        {
            if (result.Answer is { } answer)
                result = result with { Answer = await WithPreviousOwnerAsync(claimed.Key, answer) };
            var decision = Decisions.Settle(
                connection, claimed.Effect.Id, claimed.Effect.Attempt, result, PolicyOf(claimed.Key), Now);
            if (result.Answer is { } counted)
                CountArrival(claimed.Key.ProjectId, counted, decision.Outcome);
            return await WithHintsAsync(decision, _ => true);
        });
}
