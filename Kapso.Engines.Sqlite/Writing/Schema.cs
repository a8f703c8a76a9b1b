using System.Globalization;
using System.Text.Json;
using Kapso.Connections.Storage;
using Kapso.Engines.Sqlite.Reading;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>
/// The tables, as a list of migrations: a file of any earlier version is brought up to date when it is opened. What has
/// been released is never edited; a change is a further entry.
/// </summary>
internal static class Schema
{
    private const string Version1 = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

        -- Projects by number, which keeps the other keys short.
        CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

        -- The record is the truth; the columns and tables beside it are derived from it, in the same transaction.
        -- wake_*: when the effects of that kind next need looking at; null for never. waiting: effects pending or in flight.
        CREATE TABLE connections (
            id INTEGER PRIMARY KEY,
            project INTEGER NOT NULL,
            customer TEXT NOT NULL,
            status INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            waiting INTEGER NOT NULL,
            wake_confirm INTEGER,
            wake_welcome INTEGER,
            wake_notify INTEGER,
            wake_release INTEGER,
            record BLOB NOT NULL);
        -- One row for each customer: kept so by the only writer. The status is in the index for the operator's lists.
        CREATE INDEX connections_by_customer ON connections (project, customer, status);
        CREATE INDEX connections_wake_confirm ON connections (wake_confirm) WHERE wake_confirm IS NOT NULL;
        CREATE INDEX connections_wake_welcome ON connections (wake_welcome) WHERE wake_welcome IS NOT NULL;
        CREATE INDEX connections_wake_notify ON connections (wake_notify) WHERE wake_notify IS NOT NULL;
        CREATE INDEX connections_wake_release ON connections (wake_release) WHERE wake_release IS NOT NULL;

        -- Every number of every customer; owner = 1 for the customer that last proved to own it.
        CREATE TABLE numbers (
            project INTEGER NOT NULL,
            phone_number_id TEXT NOT NULL,
            connection INTEGER NOT NULL,
            owner INTEGER NOT NULL,
            PRIMARY KEY (project, phone_number_id, connection)) WITHOUT ROWID;

        CREATE TABLE states (state TEXT PRIMARY KEY, connection INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE links (
            project INTEGER NOT NULL,
            link TEXT NOT NULL,
            connection INTEGER NOT NULL,
            PRIMARY KEY (project, link)) WITHOUT ROWID;

        -- Effects that need a person.
        CREATE TABLE stuck_effects (
            project INTEGER NOT NULL,
            status INTEGER NOT NULL,
            connection INTEGER NOT NULL,
            effect TEXT NOT NULL,
            PRIMARY KEY (project, status, connection, effect)) WITHOUT ROWID;

        -- worth: in which order rows are pruned; see ParkedRetention.
        CREATE TABLE parked (
            seq INTEGER PRIMARY KEY,
            project INTEGER NOT NULL,
            id TEXT NOT NULL,
            worth INTEGER NOT NULL,
            status INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            resolved_at INTEGER,
            envelope BLOB NOT NULL,
            body BLOB NOT NULL);
        CREATE UNIQUE INDEX parked_by_id ON parked (project, id);
        CREATE INDEX parked_by_worth ON parked (project, worth, received_at);
        CREATE INDEX parked_waiting ON parked (project, id) WHERE status = 0;

        CREATE TABLE hints (
            seq INTEGER PRIMARY KEY,
            project INTEGER NOT NULL,
            phone_number_id TEXT NOT NULL,
            link TEXT NOT NULL,
            received_at INTEGER NOT NULL,
            observation BLOB NOT NULL);
        CREATE INDEX hints_by_number ON hints (project, phone_number_id);

        CREATE TABLE events (
            project INTEGER NOT NULL,
            name TEXT NOT NULL,
            count INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (project, name));

        CREATE TABLE failed_setups (
            seq INTEGER PRIMARY KEY,
            project INTEGER NOT NULL,
            at INTEGER NOT NULL,
            code TEXT NOT NULL,
            link TEXT);
        CREATE INDEX failed_setups_by_project ON failed_setups (project, seq);
        """;

    private const string Version2 = """
        -- Where each project's reconciliation stands, as JSON. version: the record's own, for compare-and-swap.
        CREATE TABLE reconciliations (project INTEGER PRIMARY KEY, version INTEGER NOT NULL, record BLOB NOT NULL);
        """;

    // The open links' statuses are those of SetupLink.IsOpen, as far as records of earlier versions had them.
    private const string Version3 = """
        -- Customers with open setup links: when the platform was last asked about the one that was asked about longest ago.
        CREATE TABLE link_checks (connection INTEGER PRIMARY KEY, project INTEGER NOT NULL, checked_at INTEGER NOT NULL);
        CREATE INDEX link_checks_by_time ON link_checks (project, checked_at, connection);
        INSERT INTO link_checks (connection, project, checked_at)
            SELECT c.id, c.project, min(l.value ->> '$.at')
            FROM connections c, json_each(CAST(c.record AS TEXT), '$.sl') l
            WHERE coalesce(l.value ->> '$.s', 0) IN (0, 2)
            GROUP BY c.id;
        """;

    private const string Version4 = """
        -- What an overview counts. By the day (days since 0001-01-01): arrivals and failed setups; as day 0: customers by
        -- status (s and its number), and the time of the last webhook (w).
        CREATE TABLE counts (
            project INTEGER NOT NULL,
            day INTEGER NOT NULL,
            name TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (project, day, name)) WITHOUT ROWID;
        INSERT INTO counts SELECT project, 0, 's' || status, count(*) FROM connections GROUP BY project, status;

        -- Numbers that a person should look at.
        CREATE TABLE marked_numbers (
            project INTEGER NOT NULL,
            mark INTEGER NOT NULL,
            connection INTEGER NOT NULL,
            phone_number_id TEXT NOT NULL,
            PRIMARY KEY (project, mark, connection, phone_number_id)) WITHOUT ROWID;
        """;

    private const string Version5 = """
        -- Customers in the order of their ids, with what lists are chosen by. Those of connections after the row
        -- indexed_up_to may be missing: see Writing.CustomerIndex.
        CREATE TABLE customers (
            project INTEGER NOT NULL,
            customer TEXT NOT NULL,
            connection INTEGER NOT NULL,
            status INTEGER NOT NULL,
            PRIMARY KEY (project, customer)) WITHOUT ROWID;
        INSERT INTO customers SELECT project, customer, id, status FROM connections ORDER BY project, customer;
        INSERT INTO meta (name, value) SELECT 'indexed_up_to', coalesce(max(id), 0) FROM connections;
        DROP INDEX connections_by_customer;
        """;

    private const string MarkEnds = """
        -- When a mark ends by itself; null for never. It is not taken out then: see Reading.MarkedNumberRows.
        ALTER TABLE marked_numbers ADD COLUMN until INTEGER;
        """;

    private const string Version7 = """
        -- What customers are found by, beside their ids and those of their numbers: see SearchWords.
        CREATE TABLE words (
            project INTEGER NOT NULL,
            word TEXT NOT NULL,
            connection INTEGER NOT NULL,
            PRIMARY KEY (project, word, connection)) WITHOUT ROWID;
        """;

    private const string Receivers = """
        -- The company's receivers of notifies, as JSON. version: the record's own, for compare-and-swap.
        CREATE TABLE receivers (project INTEGER PRIMARY KEY, version INTEGER NOT NULL, record BLOB NOT NULL);

        -- Since when nothing goes through to a receiver; those to which something does have no row.
        CREATE TABLE failing_receivers (
            project INTEGER NOT NULL,
            receiver TEXT NOT NULL,
            since INTEGER NOT NULL,
            PRIMARY KEY (project, receiver)) WITHOUT ROWID;

        -- What was sent to receivers, or is held for them: see ReceiverMessage.
        CREATE TABLE messages (
            project INTEGER NOT NULL,
            receiver TEXT NOT NULL,
            id TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            status INTEGER NOT NULL,
            record BLOB NOT NULL,
            PRIMARY KEY (project, receiver, id)) WITHOUT ROWID;
        CREATE INDEX messages_by_time ON messages (project, receiver, created_at, id);
        CREATE INDEX messages_by_status ON messages (project, receiver, status, created_at, id);
        """;

    private const string Audit = """
        -- What people and keys did: see AuditLine. project: 0 for what is of none. id: 16 bytes, which begin with the time.
        CREATE TABLE audit (
            project INTEGER NOT NULL,
            id BLOB NOT NULL,
            action TEXT NOT NULL,
            by_kind INTEGER NOT NULL,
            by_name TEXT NOT NULL,
            customer TEXT,
            target TEXT,
            detail TEXT,
            network TEXT,
            trace TEXT,
            outcome INTEGER NOT NULL,
            status INTEGER,
            count INTEGER,
            PRIMARY KEY (project, id)) WITHOUT ROWID;
        CREATE INDEX audit_by_action ON audit (project, action, id);
        CREATE INDEX audit_by_name ON audit (project, by_name, id);
        CREATE INDEX audit_by_customer ON audit (project, customer, id) WHERE customer IS NOT NULL;
        -- Not those that were done (1): nearly all were.
        CREATE INDEX audit_by_outcome ON audit (project, outcome, id) WHERE outcome <> 1;
        """;

    private const string Erasing = """
        -- Secrets of the store itself.
        CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        INSERT INTO secrets (name, value) VALUES ('erasures', randomblob(32));

        -- What was erased of customers, and what is remembered: see Erasure. customer: a hash.
        CREATE TABLE erasures (customer TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID;

        -- The customers whose erasure has not come to its end, with what they are found by: see ErasedNames. Where only the bytes are left:
        -- the hash, and null.
        CREATE TABLE erasing (project INTEGER NOT NULL, customer TEXT NOT NULL, names TEXT, PRIMARY KEY (project, customer)) WITHOUT ROWID;

        ALTER TABLE messages ADD COLUMN customer TEXT GENERATED ALWAYS AS (CAST(record AS TEXT) ->> '$.CustomerId') VIRTUAL;
        CREATE INDEX messages_by_customer ON messages (project, customer) WHERE customer IS NOT NULL;
        """;

    private const string Webhooks = """
        -- The webhook that is kept at the platform for each project, as JSON. version: the record's own, for compare-and-swap.
        CREATE TABLE webhooks (project INTEGER PRIMARY KEY, version INTEGER NOT NULL, record BLOB NOT NULL);
        """;

    private static readonly Migration[] Migrations =
    [
        new(Version1), new(Version2), new(Version3), new(Version4, MarkNumbers), new(Version5), new(MarkEnds), new(Version7, AddWords),
        new(Receivers), new(Audit), new(Erasing, Before: LeaveNoBytes), new(Webhooks),
    ];

    /// <summary>The version that this code writes.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Checks that a file that is only read is as this code writes it.</summary>
    /// <exception cref="InvalidOperationException">It has another version.</exception>
    public static void RequireCurrent(Database database)
    {
        var version = database.Prepare("PRAGMA user_version").Scalar() ?? 0;
        if (version != Version)
        {
            throw new InvalidOperationException(
                $"The store '{database.Connection.DataSource}' has schema version {version} and {Version} was expected. Start this "
                + "version of the service on it once, which brings an older store up to date.");
        }
    }

    /// <summary>Brings the file up to date, each step in a transaction of its own.</summary>
    /// <exception cref="InvalidOperationException">The file was written by a newer version.</exception>
    public static void Migrate(Database database)
    {
        var version = database.Prepare("PRAGMA user_version").Scalar() ?? 0;
        if (version > Version)
        {
            throw new InvalidOperationException(
                $"The store '{database.Connection.DataSource}' has schema version {version}; this version of Kapso reads up to "
                + $"{Version}. Start the newer version again, or restore a backup from before the upgrade.");
        }

        for (var first = version; version < Version; version++)
        {
            if (first > 0)
                Migrations[version].Before?.Invoke(database);
            database.Execute("BEGIN IMMEDIATE");
            try
            {
                database.Execute(Migrations[version].Sql);
                Migrations[version].Then?.Invoke(database);
                database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={version + 1}"));
                database.Execute("COMMIT");
            }
            catch
            {
                database.Execute("ROLLBACK");
                throw;
            }
        }
    }

    /// <summary>Writes the file anew: an earlier version left the bytes of what it deleted. Takes as long, and as much room again, as the file is large.</summary>
    private static void LeaveNoBytes(Database database) => database.Execute("VACUUM");

    /// <summary>What SQL cannot see: the marks of the numbers in the records that an older version wrote.</summary>
    private static void MarkNumbers(Database database)
    {
        var select = database.Prepare("SELECT id, project, record FROM connections");
        while (select.Step())
        {
            foreach (var number in ConnectionJson.Read(select.Blob(2)).Numbers)
            {
                foreach (var mark in ((NumberMark[])[NumberMark.Disputed, NumberMark.Refused]).Where(mark => number.Has(mark)))
                    MarkedNumberRows.Add(database, select.Int64(1), mark, select.Int64(0), number.PhoneNumberId, until: null);
            }
        }
    }

    /// <summary>What customers are found by in the records that an older version wrote. One that cannot be read hides no other.</summary>
    private static void AddWords(Database database)
    {
        var select = database.Prepare("SELECT id, project, record FROM connections");
        while (select.Step())
        {
            try
            {
                foreach (var word in SearchWords.Of(ConnectionJson.Read(select.Blob(2))))
                    WordRows.Add(database, select.Int64(1), word, select.Int64(0));
            }
            catch (JsonException)
            {
                // Whoever asks for this customer is told.
            }
        }
    }

    /// <summary>One step from a version to the next.</summary>
    /// <param name="Sql">What SQL can do.</param>
    /// <param name="Then">What it cannot, in the same transaction; null for nothing.</param>
    /// <param name="Before">What is done before it, in no transaction, to a file of an earlier version; null for nothing.</param>
    private sealed record Migration(string Sql, Action<Database>? Then = null, Action<Database>? Before = null);
}
