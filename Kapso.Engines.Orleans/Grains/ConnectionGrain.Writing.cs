using System.Diagnostics;
using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans.Grains;

internal sealed partial class ConnectionGrain
{
    private readonly Queue<Rider> _waiting = new();
    private readonly Queue<Func<Task>> _alone = new();
    private bool _isBusy;

    /// <summary>
    /// Has a change made, with the next write. Calls that come while a write is being made wait, and share the one after it: each
    /// decides on what those before it make of the connection, and is answered when the write that holds it is durable.
    /// </summary>
    /// <param name="decide">What is to become of the connection.</param>
    /// <param name="found">The due entry that the sweep came with; null where something else came.</param>
    private async Task<T> ChangeAsync<T>(Decide<T> decide, string? found = null)
    {
        ThrowIfPoisoned();
        var rider = new Rider<T>(decide, found);
        _waiting.Enqueue(rider);
        if (!_isBusy)
            _ = WorkAsync();
        return await rider.Answered;
    }

    /// <summary>Has something done that is to meet no change which is being written.</summary>
    private async Task<T> AloneAsync<T>(Func<Task<T>> action)
    {
        ThrowIfPoisoned();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _alone.Enqueue(async () =>
        {
            try
            {
                ThrowIfPoisoned();
                done.SetResult(await action());
            }
#pragma warning disable CA1031 // It is the caller's.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                done.SetException(exception);
            }
        });
        if (!_isBusy)
            _ = WorkAsync();
        return await done.Task;
    }

    /// <summary>Does what waits, one after the other, until nothing does. Never throws.</summary>
    private async Task WorkAsync()
    {
        _isBusy = true;
        while (true)
        {
            if (_alone.TryDequeue(out var action))
                await action();
            else if (_waiting.Count > 0)
                await WriteForAsync(_waiting);
            else
                break;
        }

        _isBusy = false;
    }

    /// <summary>Makes one write for calls that wait, and answers them. What fails it fails all of them.</summary>
    private async Task WriteForAsync(Queue<Rider> waiting)
    {
        var riders = new List<Rider>();
        try
        {
            ThrowIfPoisoned();
            var written = await GuardAsync(() => WriteAsync(waiting, riders));
            foreach (var rider in riders)
                rider.Answer(written);
        }
#pragma warning disable CA1031 // It is the callers'.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            foreach (var rider in riders)
                rider.Fail(exception);
            while (waiting.TryDequeue(out var rider))
                rider.Fail(exception);
        }
    }

    /// <summary>
    /// Decides what calls that wait make of the connection, up to the first that proves a number: what that number's takeover brings up
    /// is known only when it is indexed, and its decision is then made anew. What the sweep found begins a write of its own.
    /// </summary>
    /// <param name="connection">The connection as last written.</param>
    /// <param name="waiting">The calls that wait; one at least.</param>
    /// <param name="riders">Takes those that share the write.</param>
    /// <returns>The connection without the last one's decision, and with it.</returns>
    private static (Connection BeforeLast, Connection After) Decide(Connection connection, Queue<Rider> waiting, List<Rider> riders)
    {
        var before = connection;
        do
        {
            var rider = waiting.Dequeue();
            riders.Add(rider);
            before = connection;
            connection = rider.Decide(before);
        }
        while (riders[^1].ProvenNumber is null && waiting.TryPeek(out var next) && next.Found is null);
        return (before, connection);
    }

    /// <summary>
    /// Decides, claims what may be sent, and writes: first what finds the connection, then the connection. What a number's
    /// takeover brings up (who had it, hints that wait for it) is known only in between, and is then decided on anew.
    /// </summary>
    private async Task<Connection> WriteAsync(Queue<Rider> waiting, List<Rider> riders)
    {
        Now = _clock.Now;
        var before = Current;
        var (beforeLast, after) = Decide(before, waiting, riders);
        var found = riders[0].Found;
        Connection? discarded = null;
        var claims = _sender.Claim(after, Policy, Now, swept: found is not null);
        var reserved = claims.Effects;
        try
        {
            if (ReferenceEquals(claims.Connection, before) && found is null)
                return before;

            var proven = riders[^1].ProvenNumber;
            var (indexed, takeover) = await IndexAsync(before, claims.Connection, proven);
            if (takeover.IsNews)
            {
                var previousOwner = await FindPreviousOwnerAsync(proven!, takeover.Others);
                _sender.Release(reserved);
                reserved = [];
                discarded = claims.Connection;
                claims = _sender.Claim(
                    FoldHints(riders[^1].Decide(beforeLast, previousOwner), takeover.Hints), Policy, Now, swept: false);
                reserved = claims.Effects;
                await IndexAsync(before, claims.Connection, provenNumber: null);
            }

            // An entry of another activation is forgotten only after a write: whoever was about to write under it reads again.
            // Of an erased customer there is none to write under.
            if (!ReferenceEquals(claims.Connection, before) || (_due.IsForeign(found) && before is not { IsBlank: true, Erasure: not null }))
                await StoreAsync(before, claims.Connection);
            foreach (var code in FailedSetups.Between(before, claims.Connection))
                _arrivals.Failed(_key.ProjectId, code);
            reserved = [];
            _sender.Send(claims.Effects);
            _messages.Written(before, claims.Connection);

            if (discarded is not null)
                _owed.UnionWith(IndexOperations.Removals(discarded, claims.Connection));
            await FollowAsync(before, claims.Connection, indexed, found);
            if (takeover.Hints is not null)
                await ForgetHintsAsync(proven!, takeover.Hints);
            Publish();
            return claims.Connection;
        }
        finally
        {
            _sender.Release(reserved);
        }
    }

    /// <summary>
    /// Writes what finds the connection, where anything of it changes. The due entry is made also where something is only to
    /// be taken out afterwards: whoever dies in between has left the sweep a trace.
    /// </summary>
    private async Task<(bool Indexed, Takeover Takeover)> IndexAsync(Connection before, Connection after, string? provenNumber)
    {
        var operations = IndexOperations.Additions(before, after, provenNumber);
        var isNew = _written is null && !ReferenceEquals(before, after);
        if (operations.Count == 0 && !isNew && !_due.MustPrecede(after) && !ConnectionSummary.IsNewsInLists(before, after)
            && IndexOperations.Removals(before, after).Count == 0)
            return (false, Takeover.Nothing);

        await _projects.AddAsync(_key.ProjectId);
        return (true, await _index.WriteAsync(
            after, _due.Entry, _due.Precede(after, Now), ConnectionSummary.WriteAhead(before, after, Now), operations));
    }

    private async Task StoreAsync(Connection before, Connection after)
    {
        var known = _written is not null || !ReferenceEquals(before, after);
        _record.State = new ConnectionRecord { Connection = known ? after : null };
        var started = Stopwatch.GetTimestamp();
        await _record.WriteStateAsync();
        KapsoTelemetry.CommitDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>
    /// Brings row and due times up to date, and takes out of the lists what is no more. Where another activation left its due
    /// entry, a write of its may have failed halfway: then all that finds the connection is put in anew. Readers get the new
    /// connection when that is done, so that what they read in the lists is not behind.
    /// </summary>
    private async Task FollowAsync(Connection before, Connection after, bool indexed, string? found)
    {
        var written = _record.State.Connection;
        var row = indexed && found is null && ConnectionSummary.IsAheadFinal(before, after) ? null
            : written is null ? RowScript.None
            : ConnectionSummary.Write(written, Now);

        // What an earlier tail could not take out may be in the connection again.
        _owed.UnionWith(IndexOperations.Removals(before, after));
        if (_owed.Count > 0)
            _owed.ExceptWith(IndexOperations.Repair(after).Select(operation => operation.Reverse()));
        List<IndexOperation> operations = [.. _owed];
        if (_due.IsForeign(found))
            operations.AddRange(IndexOperations.Repair(after));

        var tail = new IndexTail(_key.CustomerId, row, operations, _due.Follow(NextLook(after), found));
        if (tail.IsEmpty)
            return;
        try
        {
            await _index.WriteTailAsync(_key.ProjectId, tail);
            _owed.Clear();
        }
#pragma warning disable CA1031 // The connection is written. What is behind now comes with the next tail, or is repaired by the sweep.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // It may land later, when this entry says something else: from now on it is another's.
            _due = new DueTime(DueEntry.Of(_key.CustomerId));
            LogBehind(exception, _key);
        }
    }

    /// <summary>When to look at the connection again. What is due now and was not claimed found no room.</summary>
    private DateTimeOffset? NextLook(Connection connection)
    {
        if (connection.WakeAt is not { } wake || wake > Now)
            return connection.WakeAt;
        var wait = connection.AwaitedUntil <= Now ? TimeSpan.Zero : TimeSpan.MaxValue;
        foreach (var effect in connection.Outbox)
        {
            if (effect.Status is EffectStatus.Pending or EffectStatus.InFlight && _sender.WaitFor(effect.Kind) is var lane && lane < wait)
                wait = lane;
        }

        return Now + wait;
    }

    private void Publish()
    {
        _written = _record.State.Connection;
        _index.Announce(_grainKey);
    }

    /// <summary>Runs a turn that may write. After any failure nobody knows what is stored: the activation ends.</summary>
    private async Task<T> GuardAsync<T>(Func<Task<T>> turn)
    {
        ThrowIfPoisoned();
        try
        {
            return await turn();
        }
        catch
        {
            _poisoned = "The last write failed: this activation ends. Call again.";
            DeactivateOnIdle();
            throw;
        }
    }

    private void ThrowIfPoisoned()
    {
        if (_poisoned is null)
            return;
        DeactivateOnIdle(); // What could not be read is read again by the next.
        throw new InvalidOperationException(_poisoned);
    }
}
