using System.Collections.Immutable;
using Kapso.Connections.Storage;
using Kapso.Engines.Sqlite.Reading;
using Kapso.Engines.Sqlite.Sending;

namespace Kapso.Engines.Sqlite.Writing;

internal sealed partial class Batch
{
    /// <summary>Writes what was decided: each changed connection once, with everything that is derived from it.</summary>
    public void Flush()
    {
        FlushDueCustomers();
        foreach (var entry in _entries.Values)
        {
            if (!entry.IsDirty)
                continue;
            FlushRecord(entry);
            FlushCustomer(entry);
            FlushNumbers(entry);
            FlushWords(entry);
            FlushLinks(entry);
            FlushLinkCheck(entry);
            FlushStuckEffects(entry);
            FlushMarks(entry);
            FlushHeldMessages(entry);
            CountStatus(entry);
        }

        FlushParked();
        FlushCounts();
    }

    private void FlushRecord(Entry entry)
    {
        var connection = entry.Current;
        var status = (long)connection.Status;
        Store.Statement statement;
        if (entry.Committed is null)
        {
            statement = database.Prepare(
                """
                INSERT INTO connections (id, project, customer, status, updated_at, waiting,
                    wake_confirm, wake_welcome, wake_notify, wake_release, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """).Bind(entry.Id).Bind(entry.Project).Bind(entry.Key.CustomerId).Bind(status);
        }
        else
        {
            statement = database.Prepare(
                """
                UPDATE connections SET status = ?, updated_at = ?, waiting = ?,
                    wake_confirm = ?, wake_welcome = ?, wake_notify = ?, wake_release = ?, record = ? WHERE id = ?
                """).Bind(status);
        }

        statement.Bind(Now.ToUnixTimeMilliseconds()).Bind(Effects.CountWaiting(connection));
        foreach (var lane in Lanes.All)
            statement.Bind(Effects.WakeAt(connection, lane));
        statement.Bind(ConnectionJson.Write(connection));
        if (entry.Committed is not null)
            statement.Bind(entry.Id);
        statement.Run();
    }

    private void FlushLinks(Entry entry)
    {
        var (before, after) = (entry.Committed?.SetupLinks ?? [], entry.Current.SetupLinks);
        if (before == after)
            return;

        foreach (var link in after)
        {
            var known = Find(before, link.Id);
            if (known?.State != link.State)
                database.Prepare("INSERT OR IGNORE INTO states (state, connection) VALUES (?, ?)").Bind(link.State).Bind(entry.Id).Run();
            if (link.PlatformId is { } id && known?.PlatformId != id)
                database.Prepare("INSERT OR IGNORE INTO links (project, link, connection) VALUES (?, ?, ?)")
                    .Bind(entry.Project).Bind(id).Bind(entry.Id).Run();
        }

        foreach (var link in before)
        {
            if (after.All(other => other.State != link.State))
                database.Prepare("DELETE FROM states WHERE state = ? AND connection = ?").Bind(link.State).Bind(entry.Id).Run();
            if (link.PlatformId is { } id && after.All(other => other.PlatformId != id))
                database.Prepare("DELETE FROM links WHERE project = ? AND link = ? AND connection = ?")
                    .Bind(entry.Project).Bind(id).Bind(entry.Id).Run();
        }

        static SetupLink? Find(ImmutableArray<SetupLink> links, string id)
        {
            foreach (var link in links)
            {
                if (link.Id == id)
                    return link;
            }

            return null;
        }
    }

    private void FlushWords(Entry entry)
    {
        var before = entry.Committed ?? Connection.Empty(entry.Key);
        if (!SearchWords.CanDiffer(before, entry.Current))
            return;
        var (known, words) = (SearchWords.Of(before), SearchWords.Of(entry.Current));
        foreach (var word in words.Except(known))
            WordRows.Add(database, entry.Project, word, entry.Id);
        foreach (var word in known.Except(words))
            WordRows.Remove(database, entry.Project, word, entry.Id);
    }

    private void FlushLinkCheck(Entry entry)
    {
        var before = entry.Committed;
        if (entry.Current.SetupLinks == (before?.SetupLinks ?? []) && entry.Current.Numbers == (before?.Numbers ?? []))
            return;
        var checkedAt = entry.Current.LinksCheckedAt;
        if (checkedAt == before?.LinksCheckedAt)
            return;
        if (checkedAt is { } at)
        {
            database.Prepare("INSERT OR REPLACE INTO link_checks (connection, project, checked_at) VALUES (?, ?, ?)")
                .Bind(entry.Id).Bind(entry.Project).Bind(at.ToUnixTimeMilliseconds()).Run();
        }
        else
            database.Prepare("DELETE FROM link_checks WHERE connection = ?").Bind(entry.Id).Run();
    }

    private void FlushStuckEffects(Entry entry)
    {
        if (entry.Committed is { } before)
        {
            foreach (var effect in before.Outbox)
            {
                if (Effects.IsStuck(effect) && entry.Current.FindEffect(effect.Id)?.Status != effect.Status)
                    database.Prepare("DELETE FROM stuck_effects WHERE project = ? AND status = ? AND connection = ? AND effect = ?")
                        .Bind(entry.Project).Bind((long)effect.Status).Bind(entry.Id).Bind(effect.Id).Run();
            }
        }

        foreach (var effect in entry.Current.Outbox)
        {
            if (Effects.IsStuck(effect) && entry.Committed?.FindEffect(effect.Id)?.Status != effect.Status)
                database.Prepare("INSERT OR IGNORE INTO stuck_effects (project, status, connection, effect) VALUES (?, ?, ?, ?)")
                    .Bind(entry.Project).Bind((long)effect.Status).Bind(entry.Id).Bind(effect.Id).Run();
        }
    }
}
