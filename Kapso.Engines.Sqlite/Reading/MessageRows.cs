using System.Text.Json;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>What was sent to receivers, the newest first.</summary>
internal static class MessageRows
{
    public static byte[] Write(ReceiverMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, EngineJson.Default.ReceiverMessage);

    public static ReceiverMessage? Find(Database database, long project, string receiver, string id)
    {
        var select = database.Prepare("SELECT record FROM messages WHERE project = ? AND receiver = ? AND id = ?")
            .Bind(project).Bind(receiver).Bind(id);
        var message = select.Step() ? Parse(select.Blob(0)) : null;
        select.Reset();
        return message;
    }

    public static Page<ReceiverMessage> List(Database database, long project, MessageQuery query)
    {
        var limit = Pages.Clamp(query.Limit);
        var (before, id) = MessageCursor.Read(query.Cursor) ?? (long.MaxValue, "");
        var status = query.Status is null ? "" : "status = ?6 AND";
        var select = database.Prepare(
            $"""
            SELECT record FROM messages WHERE project = ?1 AND receiver = ?2 AND {status} (created_at, id) < (?3, ?4)
            ORDER BY created_at DESC, id DESC LIMIT ?5
            """).Bind(project).Bind(query.ReceiverId).Bind(before).Bind(id).Bind(limit + 1L);
        if (query.Status is { } wanted)
            select.Bind((long)wanted);
        var rows = new List<ReceiverMessage>();
        while (select.Step())
            rows.Add(Parse(select.Blob(0)));
        return Pages.Cut(rows, limit, MessageCursor.Of);
    }

    /// <summary>The receivers to which there are messages: a look into the index for each, however many messages there are.</summary>
    public static List<(long Project, string Receiver)> Receivers(Database database)
    {
        var receivers = new List<(long Project, string Receiver)>();
        while (true)
        {
            var (project, receiver) = receivers.Count == 0 ? (-1L, "") : receivers[^1];
            var next = database.Prepare(
                """
                SELECT project, receiver FROM messages INDEXED BY messages_by_time WHERE (project, receiver) > (?, ?)
                ORDER BY project, receiver LIMIT 1
                """).Bind(project).Bind(receiver);
            if (!next.Step())
                return receivers;
            receivers.Add((next.Int64(0), next.Text(1)));
            next.Reset();
        }
    }

    private static ReceiverMessage Parse(ReadOnlySpan<byte> record) => JsonSerializer.Deserialize(record, EngineJson.Default.ReceiverMessage)!;
}
