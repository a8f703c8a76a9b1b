using System.Globalization;
using Kapso.Connections.Storage;

namespace Kapso.Tests.Engines.Memory;

/// <summary>
/// An engine on one ETag record for each customer, as a cluster has it: no transaction spans two records; indexes are
/// written before the record that they point to, since one that dangles is harmless and one that is missing is not.
/// It keeps nothing that it could not lose: a new engine on the same <see cref="MemoryStore"/> is the restart.
/// </summary>
public sealed partial class MemoryEngine : IConnectionEngine, IAsyncDisposable
{
    /// <summary>Most attempts at a write that others overtake.</summary>
    private const int MaxConflicts = 20;

    /// <summary>Most effects claimed in one write.</summary>
    private static readonly int[] Room = [64, 64, 64, 64];

    private readonly MemoryEngineOptions _options;
    private readonly StoreSession _session;
    private readonly LeaseHolder _holder;
    private readonly Turns _turns = new();

    /// <summary>Creates an engine on a store of its own, for tests that need no restart.</summary>
    public MemoryEngine(MemoryEngineOptions options)
        : this(new MemoryStore(options.Time), options)
    {
    }

    /// <summary>Creates an engine on a store. <see cref="StartAsync"/> takes up what an earlier one left.</summary>
    public MemoryEngine(MemoryStore store, MemoryEngineOptions options)
    {
        _options = options;
        _session = store.Open();
        _holder = new LeaseHolder(Guid.NewGuid().ToString("n"), options.Sole);
    }

    /// <summary>Whether it crashed or was stopped.</summary>
    public bool HasEnded => _session.IsClosed;

    private DateTimeOffset Now => _options.Time.GetUtcNow();

    /// <summary>Ends it as a crash does: nothing reaches the store any more, what is in flight is forgotten.</summary>
    public void Crash()
    {
        _session.Close();
        _stopping.Cancel();
        _watchers.Close();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Crash();
        return ValueTask.CompletedTask;
    }

    private static string Name(string projectId, string id) => $"{projectId}\0{id}";

    private static string Name(CustomerKey key) => Name(key.ProjectId, key.CustomerId);

    private ConnectionPolicy PolicyOf(CustomerKey key) => _books.Complete(key.ProjectId, _options.Policy(key.ProjectId)) with { Erasures = _erasures };

    /// <summary>
    /// Loads, changes, claims what is due, writes and, once that is durable, sends. Repeats where another engine wrote first.
    /// </summary>
    private Task<T> UpdateAsync<T>(CustomerKey key, Func<Connection, bool, Task<Change<T>>> change) =>
        _turns.RunAsync(key, () => GuardAsync(async () =>
        {
            for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
            {
                var record = await _session.ReadAsync(StoreTable.Connections, Name(key));
                await ReadBookAsync(key.ProjectId);
                var mark = (await FindErasureAsync(key))?.Mark;
                var before = record is null ? Connection.Empty(key) with { Erasure = mark } : ConnectionJson.Read(record.Value);
                var changed = await change(before, record is not null);
                var claims = Decisions.Claim(changed.Connection, PolicyOf(key), _holder, Room, Now);
                if (ReferenceEquals(claims.Connection, before))
                    return changed.Result;

                await IndexAsync(before, claims.Connection, changed.ProvenNumber);
                if (!await _session.WriteAsync(
                        StoreTable.Connections, Name(key), ConnectionJson.Write(claims.Connection), record?.ETag ?? 0))
                    continue;

                foreach (var code in FailedSetups.Between(before, claims.Connection))
                    Count(key.ProjectId, DailyCounts.OfFailure(code));
                await RecordHeldAsync(before, claims.Connection);
                _watchers.Signal(key);
                foreach (var claimed in claims.Effects)
                    Send(claimed);
                foreach (var hint in changed.FoldedHints)
                    await _session.WriteAsync(StoreTable.Hints, hint.Key, null, hint.Value.ETag);
                await ForgetLinksAsync(before, claims.Connection);
                return changed.Result;
            }

            throw new StoreFailedException(string.Create(
                CultureInfo.InvariantCulture, $"Others wrote first, {MaxConflicts} times in a row."));
        }));

    private static async Task<T> GuardAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (StoreFailedException exception)
        {
            throw new EngineUnavailableException("The store did not answer as it should: " + exception.Message, exception);
        }
    }

    /// <summary>What an update makes of a connection.</summary>
    private sealed record Change<T>(Connection Connection, T Result, string? ProvenNumber = null)
    {
        /// <summary>Unclaimed hints that are in it now.</summary>
        public IReadOnlyList<KeyValuePair<string, StoredRecord>> FoldedHints { get; init; } = [];
    }
}
