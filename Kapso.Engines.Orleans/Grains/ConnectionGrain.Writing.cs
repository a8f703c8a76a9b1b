using System.Diagnostics;
using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans.Grains;

internal sealed partial class ConnectionGrain
{
    /// <summary>
    /// Decides, claims what may be sent, and writes: first what finds the connection, then the connection. What a number's
    /// takeover brings up (who had it, hints that wait for it) is known only in between, and is then decided on anew.
    /// </summary>
    /// <param name="decide">What is to become of the connection.</param>
    /// <param name="found">The due entry that the sweep came with; null where something else came.</param>
    private Task<T> ChangeAsync<T>(Decide<T> decide, string? found = null) => GuardAsync(async () =>
    {
        Now = _clock.Now;
        var before = Current;
        var change = decide(before, null);
        Connection? discarded = null;
        var claims = _sender.Claim(change.Connection, _policy, Now, swept: found is not null);
        var reserved = claims.Effects;
        try
        {
            if (ReferenceEquals(claims.Connection, before) && found is null)
                return change.Result(before);

            var (indexed, takeover) = await IndexAsync(before, claims.Connection, change.ProvenNumber);
            if (takeover.IsNews)
            {
                var previousOwner = await FindPreviousOwnerAsync(change.ProvenNumber!, takeover.Others);
                _sender.Release(reserved);
                reserved = [];
                var proven = change.ProvenNumber!;
                discarded = claims.Connection;
                change = decide(before, previousOwner);
                change = change with { Connection = FoldHints(change.Connection, takeover.Hints), ProvenNumber = proven };
                claims = _sender.Claim(change.Connection, _policy, Now, swept: false);
                reserved = claims.Effects;
                await IndexAsync(before, claims.Connection, provenNumber: null);
            }

            // An entry of another activation is forgotten only after a write: whoever was about to write under it reads again.
            if (!ReferenceEquals(claims.Connection, before) || _due.IsForeign(found))
                await WriteAsync(before, claims.Connection);
            foreach (var code in FailedSetups.Between(before, claims.Connection))
                _arrivals.Failed(_key.ProjectId, code);
            reserved = [];
            _sender.Send(claims.Effects);

            if (discarded is not null)
                _owed.UnionWith(IndexOperations.Removals(discarded, claims.Connection));
            await FollowAsync(before, claims.Connection, indexed, found);
            if (takeover.Hints is not null)
                await ForgetHintsAsync(change.ProvenNumber!, takeover.Hints);
            Publish();
            return change.Result(claims.Connection);
        }
        finally
        {
            _sender.Release(reserved);
        }
    });

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

    private async Task WriteAsync(Connection before, Connection after)
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
            _poisoned = true;
            DeactivateOnIdle();
            throw;
        }
    }

    private void ThrowIfPoisoned()
    {
        if (_poisoned)
            throw new InvalidOperationException("The last write failed: this activation ends. Call again.");
    }
}
