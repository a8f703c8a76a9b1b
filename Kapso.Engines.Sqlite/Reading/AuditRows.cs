using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>Lines of the audit as rows.</summary>
internal static class AuditRows
{
    private const string Columns = "id, action, by_kind, by_name, customer, target, detail, network, trace, outcome, status, count";

    /// <summary>The project of what is of none. Rows of projects count from 1.</summary>
    public const long NoProject = 0;

    /// <summary>An id as it is stored; one that is none of ours is in no row.</summary>
    public static byte[] Key(string id) => AuditLine.IsId(id) ? Convert.FromHexString(id) : [];

    public static void Add(Database database, long project, AuditLine line) => database.Prepare(
        $"INSERT OR IGNORE INTO audit (project, {Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(project).Bind(Key(line.Id)).Bind(line.Action).Bind((long)line.By.Kind).Bind(line.By.Name).Bind(line.CustomerId)
        .Bind(line.Target).Bind(line.Detail).Bind(line.Network).Bind(line.TraceId).Bind((long)line.Outcome).Bind(line.Status).Bind(line.Count)
        .Run();

    public static void Replace(Database database, long project, AuditLine line) => database.Prepare(
        "UPDATE audit SET customer = ?, target = ?, detail = ?, outcome = ?, status = ? WHERE project = ? AND id = ?")
        .Bind(line.CustomerId).Bind(line.Target).Bind(line.Detail).Bind((long)line.Outcome).Bind(line.Status)
        .Bind(project).Bind(Key(line.Id)).Run();

    public static AuditLine? Find(Database database, long project, string? projectId, string id)
    {
        var select = database.Prepare($"SELECT {Columns} FROM audit WHERE project = ? AND id = ?").Bind(project).Bind(Key(id));
        var line = select.Step() ? Read(select, projectId) : null;
        select.Reset();
        return line;
    }

    /// <summary>Some lines of a customer.</summary>
    public static List<AuditLine> OfCustomer(Database database, long project, CustomerKey key, int limit)
    {
        var lines = new List<AuditLine>();
        var select = database.Prepare($"SELECT {Columns} FROM audit INDEXED BY audit_by_customer WHERE project = ? AND customer = ? LIMIT ?")
            .Bind(project).Bind(key.CustomerId).Bind(limit);
        while (select.Step())
            lines.Add(Read(select, key.ProjectId));
        return lines;
    }

    /// <summary>The next lines in the order of their ids, after one.</summary>
    public static List<AuditLine> After(Database database, long project, string? projectId, string after, int limit)
    {
        var lines = new List<AuditLine>();
        var select = database.Prepare($"SELECT {Columns} FROM audit WHERE project = ? AND id > ? ORDER BY id LIMIT ?")
            .Bind(project).Bind(Key(after)).Bind(limit);
        while (select.Step())
            lines.Add(Read(select, projectId));
        return lines;
    }

    /// <summary>
    /// The lines that are wanted, the newest first: along the index of what few lines have, as far as that is known beforehand, and
    /// of each only what the query asks for is looked at before it is known to be wanted.
    /// </summary>
    public static AuditPart List(Database database, long project, string? projectId, AuditQuery query, int limit)
    {
        var (index, value, number) = query switch
        {
            { CustomerId: { } customer } => ("INDEXED BY audit_by_customer WHERE project = ? AND customer = ?", customer, (long?)null),
            { Outcome: { } outcome and not AuditOutcome.Done } =>
                ($"INDEXED BY audit_by_outcome WHERE project = ? AND outcome = ? AND outcome <> {(int)AuditOutcome.Done}", null, (long)outcome),
            { By: { } by } when by != AuditActor.ManagementKey.Name => ("INDEXED BY audit_by_name WHERE project = ? AND by_name = ?", by, null),
            { Action: { } action } => ("INDEXED BY audit_by_action WHERE project = ? AND action = ?", action, null),
            { By: { } by } => ("INDEXED BY audit_by_name WHERE project = ? AND by_name = ?", by, null),
            _ => ("WHERE project = ?", (string?)null, (long?)null),
        };
        var select = database.Prepare(
            $"""
            SELECT {Columns} FROM audit {index} AND id < ? AND id >= ? ORDER BY id DESC LIMIT {AuditPages.MaxLookedAt}
            """).Bind(project);
        if (value is not null)
            select.Bind(value);
        if (number is not null)
            select.Bind(number);
        select.Bind(AuditPages.Before(query) is { } before ? Key(before) : Last).Bind(AuditPages.From(query) is { } from ? Key(from) : []);

        var lines = new List<AuditLine>();
        var (lookedAt, last) = (0, "");
        while (lines.Count <= limit && select.Step())
        {
            lookedAt++;
            var line = Read(select, projectId);
            last = line.Id;
            if (query.Matches(line))
                lines.Add(line);
        }

        select.Reset();
        return new AuditPart(lines, lines.Count > limit || lookedAt == AuditPages.MaxLookedAt ? last : null);
    }

    private static readonly byte[] Last = [.. Enumerable.Repeat(byte.MaxValue, 17)];

    private static AuditLine Read(Statement row, string? projectId) => new()
    {
        Id = Convert.ToHexStringLower(row.Blob(0)),
        ProjectId = projectId,
        Action = row.Text(1),
        By = new AuditActor((AuditActorKind)row.Int64(2), row.Text(3)),
        CustomerId = Text(row, 4),
        Target = Text(row, 5),
        Detail = Text(row, 6),
        Network = Text(row, 7),
        TraceId = Text(row, 8),
        Outcome = (AuditOutcome)row.Int64(9),
        Status = row.IsNull(10) ? null : (int)row.Int64(10),
        Count = row.IsNull(11) ? null : row.Int64(11),
    };

    private static string? Text(Statement row, int column) => row.IsNull(column) ? null : row.Text(column);
}
