using Kapso.Engines.Erasing;
using Kapso.Engines.Sqlite.Reading;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>Erasing customers.</summary>
internal sealed partial class Batch
{
    /// <summary>Messages that are erased in one transaction.</summary>
    private const int MaxErased = 500;

    private readonly List<Entry> _erased = [];

    /// <summary>Begins the erasure of a customer: removes the connection and all that finds it.</summary>
    public (string Hash, ErasedNames Names) BeginErasure(CustomerKey key, bool goesOn)
    {
        var entry = Load(key);
        var (connection, hash) = (entry.IsKnown ? entry.Current : null, state.Erasures.OfCustomer(key));
        var begun = ErasureRows.FindNames(database, entry.Project, key.CustomerId);
        if (goesOn && begun is not null && (connection is null || !begun.AreOf(connection)))
            return (hash, begun);
        var names = ErasedNames.Of(key, connection, number => FindOwner(entry.Project, number) is { } owner && owner != key.CustomerId).With(begun);
        var erasure = Erasure.Begin(key, connection, ErasureRows.Find(database, hash), state.Erasures, Now);
        ErasureRows.Put(database, erasure);
        ErasureRows.PutUnfinished(database, entry.Project, key.CustomerId, names);
        Erase(entry);
        _entries[key] = new Entry(_nextId++, entry.Project, key, null, erasure.Mark);
        return (hash, names);
    }

    /// <summary>Erases some of the messages about a customer; answers with how many, the most at a time where there may be more.</summary>
    public int EraseMessages(CustomerKey key)
    {
        database.Prepare(
            """
            DELETE FROM messages WHERE (project, receiver, id) IN (
                SELECT project, receiver, id FROM messages WHERE project = ? AND customer = ? LIMIT ?)
            """).Bind(Project(key.ProjectId)).Bind(key.CustomerId).Bind((long)MaxErased).Run();
        return (int)database.Prepare("SELECT changes()").Scalar()!.Value;
    }

    /// <summary>Erases what a parked delivery says of a customer; all of it where it says nothing else. False where it says nothing (any more).</summary>
    public bool RedactParked(string projectId, string id, ErasedNames names)
    {
        var project = Project(projectId);
        if (ParkedRows.Find(database, project, id) is not { } delivery || names.Redact(delivery) is var redacted && ReferenceEquals(redacted, delivery))
            return false;
        _parkedProjects.Add(project);
        if (redacted is null)
            database.Prepare("DELETE FROM parked WHERE project = ? AND id = ?").Bind(project).Bind(id).Run();
        else
            database.Prepare("UPDATE parked SET envelope = ?, body = ? WHERE project = ? AND id = ?")
                .Bind(ParkedRows.WriteEnvelope(redacted)).Bind(redacted.Body.Span).Bind(project).Bind(id).Run();
        return true;
    }

    /// <summary>Erases hints, bodies of events and failed setups that name a customer.</summary>
    public ErasedCounts EraseActivity(string projectId, ErasedNames names)
    {
        var project = Project(projectId);
        var hints = Named("SELECT seq, observation FROM hints WHERE project = ?", project, row => names.AreIn(row.Blob(1)));
        foreach (var seq in hints)
            database.Prepare("DELETE FROM hints WHERE seq = ?").Bind(seq).Run();
        var failed = Named("SELECT seq, link FROM failed_setups WHERE project = ? AND link IS NOT NULL", project, row => names.AreIn(row.Text(1)));
        foreach (var seq in failed)
            database.Prepare("DELETE FROM failed_setups WHERE seq = ?").Bind(seq).Run();
        var bodies = Named(
            "SELECT rowid, body, name FROM events WHERE project = ?", project,
            row => row.Text(2) != ActivityRows.TurnedAway && names.AreIn(row.Blob(1)));
        foreach (var row in bodies)
            database.Prepare("UPDATE events SET body = x'' WHERE rowid = ?").Bind(row).Run();
        foreach (var ownId in names.OwnIds)
            ForgetIntents(projectId, ownId);
        return new ErasedCounts { Hints = hints.Count, FailedSetups = failed.Count, EventBodies = bodies.Count };
    }

    /// <summary>Puts a hash in the place of the customer's id and names: only the bytes are left.</summary>
    public void ForgetNames(CustomerKey key, string hash)
    {
        ErasureRows.RemoveUnfinished(database, Project(key.ProjectId), key.CustomerId);
        ErasureRows.PutUnfinished(database, Project(key.ProjectId), hash, null);
    }

    /// <summary>Changes what is kept of an erasure that was begun.</summary>
    public Erasure ChangeErasure(string projectId, string hash, Func<Erasure, Erasure> change)
    {
        var erasure = change(ErasureRows.Find(database, hash)!);
        if (erasure.CompletedAt is not null)
            ErasureRows.RemoveUnfinished(database, Project(projectId), hash);
        ErasureRows.Put(database, erasure);
        return erasure;
    }

    /// <summary>What is remembered of a customer who has no connection.</summary>
    private ErasureMark? FindMark(CustomerKey key) =>
        state.HasErasures || _erased.Count > 0 ? ErasureRows.Find(database, state.Erasures.OfCustomer(key))?.Mark : null;

    private void Erase(Entry entry)
    {
        foreach (var number in entry.Current.Numbers)
        {
            if (Owner(entry.Project, number.PhoneNumberId) is var owner && owner.Customer == entry.Key.CustomerId)
                owner.Leave();
        }

        _erased.Add(entry);
        entry.Current = Connection.Empty(entry.Key);
        if (entry.Committed is not { } committed)
            return;
        FlushLinks(entry);
        FlushWords(entry);
        FlushStuckEffects(entry);
        FlushMarks(entry);
        database.Prepare("DELETE FROM link_checks WHERE connection = ?").Bind(entry.Id).Run();
        database.Prepare("DELETE FROM numbers WHERE project = ? AND connection = ?").Bind(entry.Project).Bind(entry.Id).Run();
        CustomerRows.Remove(database, entry.Project, entry.Key.CustomerId);
        database.Prepare("DELETE FROM connections WHERE id = ?").Bind(entry.Id).Run();
        Count(entry.Project, CountRows.Standing, CountRows.OfStatus(committed.Status), -1);
    }

    private void PublishErased(Action<Entry> changed)
    {
        state.HasErasures |= _erased.Count > 0;
        foreach (var entry in _erased)
        {
            state.Cache.Remove(entry.Key);
            state.Customers.Forget(entry.Project, entry.Key.CustomerId);
            changed(entry);
        }
    }

    private List<long> Named(string select, long project, Predicate<Store.Statement> isNamed)
    {
        var rows = new List<long>();
        var statement = database.Prepare(select).Bind(project);
        while (statement.Step())
        {
            if (isNamed(statement))
                rows.Add(statement.Int64(0));
        }

        return rows;
    }
}
