using System.Globalization;
using System.Text.Json;
using Kapso.Connections.Storage;
using Kapso.Engines.Sqlite.Sending;
using Microsoft.Data.Sqlite;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>Claims on effects: in the commit that decided them where there is room, else when their time comes.</summary>
internal sealed partial class Batch
{
    /// <summary>How long a row is left alone that was due and yielded nothing, so that it cannot keep the writer busy.</summary>
    private static readonly TimeSpan FruitlessPause = TimeSpan.FromMinutes(1);

    private readonly List<ClaimedEffect> _claimed = [];

    /// <summary>What may be sent once the batch is committed.</summary>
    public IReadOnlyList<ClaimedEffect> Claimed => _claimed;

    /// <summary>Claims what the connections of this batch have due.</summary>
    /// <param name="holder">Who claims.</param>
    /// <param name="room">How many may be claimed, by lane; less what was claimed at return.</param>
    /// <param name="failed">Called for a row whose effects could not be claimed: they are due, and tried again as such.</param>
    public void ClaimChanged(LeaseHolder holder, int[] room, Action<string, Exception> failed)
    {
        foreach (var entry in _entries.Values)
        {
            if (!entry.IsDirty)
                continue;
            try
            {
                Claim(entry, holder, room);
            }
            catch (Exception exception) when (exception is not SqliteException)
            {
                failed(NameOf(entry.Id), exception);
            }
        }
    }

    /// <summary>Claims what has become due, the longest due first.</summary>
    /// <param name="holder">Who claims.</param>
    /// <param name="room">How many may be claimed, by lane; less what was claimed at return.</param>
    /// <param name="failed">Called for a row that is set aside: its record cannot be read, or its effects cannot be claimed.</param>
    public void ClaimDue(LeaseHolder holder, int[] room, Action<string, Exception> failed)
    {
        foreach (var lane in Lanes.All)
        {
            if (room[(int)lane] <= 0)
                continue;
            foreach (var id in FindDue(lane, room[(int)lane]))
            {
                if (room[(int)lane] <= 0)
                    break;
                ClaimRow(id, lane, holder, room, failed);
            }
        }
    }

    /// <summary>When the lane next needs looking at, in stored time, once the batch is flushed; null for never.</summary>
    public long? EarliestWake(EffectKind lane)
    {
        var column = Lanes.Column(lane);
        return database.Prepare($"SELECT {column} FROM connections WHERE {column} IS NOT NULL ORDER BY {column} LIMIT 1").Scalar();
    }

    private void ClaimRow(long id, EffectKind lane, LeaseHolder holder, int[] room, Action<string, Exception> failed)
    {
        long? wake;
        try
        {
            var entry = Load(id);
            var dirty = entry.IsDirty;
            Claim(entry, holder, room);
            if (dirty || entry.IsDirty)
                return;
            wake = Effects.WakeAt(entry.Current, lane);
            if (wake is { } at && Effects.IsDue(at, Now))
                wake = EngineClock.ToWake(Now + FruitlessPause);
        }
        catch (Exception exception) when (exception is not SqliteException)
        {
            failed(NameOf(id), exception);
            wake = EngineClock.ToWake(Now + FruitlessPause);
        }

        SetWake(id, lane, wake);
    }

    private static string NameOf(long id) => string.Create(CultureInfo.InvariantCulture, $"row {id}");

    private void Claim(Entry entry, LeaseHolder holder, int[] room)
    {
        if (entry.Current.Outbox.IsEmpty)
            return;
        var claims = Decisions.Claim(entry.Current, PolicyOf(entry.Key), holder, room, Now);
        Become(entry, claims.Connection);
        foreach (var effect in claims.Effects)
        {
            room[(int)effect.Effect.Kind]--;
            _claimed.Add(effect);
        }
    }

    private List<long> FindDue(EffectKind lane, int limit)
    {
        var (column, rows) = (Lanes.Column(lane), new List<long>());

        // Written under a clock that was ahead: rare, and looked at first, since nothing else would ever wake them.
        var ahead = database.Prepare($"SELECT id FROM connections WHERE {column} > ? ORDER BY {column} DESC LIMIT ?")
            .Bind((Now + ConnectionPolicy.MaxPutOff).ToUnixTimeMilliseconds()).Bind(limit);
        while (ahead.Step())
            rows.Add(ahead.Int64(0));

        var due = database.Prepare($"SELECT id FROM connections WHERE {column} <= ? ORDER BY {column} LIMIT ?")
            .Bind(Now.ToUnixTimeMilliseconds()).Bind(limit - rows.Count);
        while (due.Step())
            rows.Add(due.Int64(0));
        return rows;
    }

    private Entry Load(long id)
    {
        var select = database.Prepare("SELECT project, customer, record FROM connections WHERE id = ?").Bind(id);
        try
        {
            if (!select.Step())
                throw new JsonException("The row is gone.");
            var project = select.Int64(0);
            var key = new CustomerKey(state.ProjectName(project), select.Text(1));
            if (_entries.TryGetValue(key, out var entry))
                return entry;

            var committed = state.Cache.TryGet(key, out var cached) ? cached.Connection : ConnectionJson.Read(select.Blob(2));
            _entries.Add(key, entry = new Entry(id, project, key, committed));
            return entry;
        }
        finally
        {
            select.Reset();
        }
    }

    private void SetWake(long id, EffectKind lane, long? wakeAt) =>
        database.Prepare($"UPDATE connections SET {Lanes.Column(lane)} = ? WHERE id = ?").Bind(wakeAt).Bind(id).Run();
}
