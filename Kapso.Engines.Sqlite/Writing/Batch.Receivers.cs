using Kapso.Engines.Sqlite.Reading;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>The company's receivers, and what was sent to them.</summary>
internal sealed partial class Batch
{
    /// <summary>Messages of a receiver that are written before those beyond what is kept are forgotten.</summary>
    private const int BetweenPruning = 256;

    private readonly Dictionary<string, ReceiverBook> _books = new(StringComparer.Ordinal);

    public bool SaveReceivers(string projectId, ReceiverBook book)
    {
        var (isSaved, isNew) = SaveVersioned("receivers", projectId, book.Version, ReceiverRows.Write(book));
        if (isNew)
            _books[projectId] = book;
        return isSaved;
    }

    /// <summary>Looks at what is held of a customer for receivers that may be enabled again.</summary>
    public void LookAtReceivers(Entry entry)
    {
        if (entry.IsKnown)
            entry.Current = Decisions.LookAtReceivers(entry.Current, PolicyOf(entry.Key), Now);
    }

    public void RecordMessage(string projectId, string receiver, ReceiverMessage message) => PutMessage(Project(projectId), receiver, message);

    /// <summary>Writes down how an attempt to send a notify ended.</summary>
    private void RecordAttempt(Entry entry, Effect notify, int attempt, EffectResult result)
    {
        if (result.HandedOver)
            return;
        var receiver = ReceiverMessage.ReceiverOf(notify);
        var wentThrough = result.Kind == EffectResultKind.Done;
        PutMessage(entry.Project, receiver, ReceiverMessage.Of(entry.Key, notify with { Attempt = attempt }, result, PolicyOf(entry.Key), Now));
        CountToday(entry.Project, DailyCounts.OfAttempt(receiver, wentThrough));
        if (wentThrough)
            database.Prepare("DELETE FROM failing_receivers WHERE project = ? AND receiver = ?").Bind(entry.Project).Bind(receiver).Run();
        else
            database.Prepare("INSERT OR IGNORE INTO failing_receivers (project, receiver, since) VALUES (?, ?, ?)")
                .Bind(entry.Project).Bind(receiver).Bind(Now.ToUnixTimeMilliseconds()).Run();
    }

    private void FlushHeldMessages(Entry entry)
    {
        if (entry.Committed?.Outbox == entry.Current.Outbox)
            return;
        foreach (var (receiver, message) in ReceiverMessage.HeldBetween(entry.Committed, entry.Current, Now))
            PutMessage(entry.Project, receiver, message);
    }

    private void PutMessage(long project, string receiver, ReceiverMessage message)
    {
        database.Prepare("INSERT OR REPLACE INTO messages (project, receiver, id, created_at, status, record) VALUES (?, ?, ?, ?, ?, ?)")
            .Bind(project).Bind(receiver).Bind(message.Id).Bind(message.CreatedAt.ToUnixTimeMilliseconds()).Bind((long)message.Status)
            .Bind(MessageRows.Write(message)).Run();
        if (++state.MessagesSincePruning >= BetweenPruning)
            PruneMessages(project, receiver);
    }

    /// <summary>Forgets the messages of every receiver that are older, or more, than what is kept.</summary>
    public void PruneMessages()
    {
        foreach (var (project, receiver) in MessageRows.Receivers(database))
        {
            PruneMessages(project, receiver);
            database.Prepare("DELETE FROM messages WHERE project = ? AND receiver = ? AND created_at < ?")
                .Bind(project).Bind(receiver).Bind((Now - MessageQuery.KeptFor).ToUnixTimeMilliseconds()).Run();
        }
    }

    private void PruneMessages(long project, string receiver)
    {
        state.MessagesSincePruning = 0;
        database.Prepare(
            """
            DELETE FROM messages WHERE project = ?1 AND receiver = ?2 AND (created_at, id) <= (
                SELECT created_at, id FROM messages WHERE project = ?1 AND receiver = ?2 ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET ?3)
            """).Bind(project).Bind(receiver).Bind((long)MessageQuery.MaxKept).Run();
    }

    private void PublishReceivers()
    {
        foreach (var (project, book) in _books)
            state.Options.Receivers.Set(project, book);
    }
}
