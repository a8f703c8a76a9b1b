using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>The table of customers. Those of the newest rows may be missing from it: see <see cref="CustomerIndex"/>.</summary>
internal static class CustomerRows
{
    /// <summary>The last row up to which every customer is in the table.</summary>
    public static long IndexedUpTo(Database database) =>
        database.Prepare("SELECT value FROM meta WHERE name = 'indexed_up_to'").Scalar() ?? 0;

    public static void SetIndexedUpTo(Database database, long row) =>
        database.Prepare("UPDATE meta SET value = max(value, ?) WHERE name = 'indexed_up_to'").Bind(row).Run();

    /// <param name="database">An open transaction.</param>
    /// <param name="project">The project's row.</param>
    /// <param name="customer">The customer's id in UTF-8.</param>
    /// <param name="row">The connection's row.</param>
    /// <param name="status">Where the connection stands.</param>
    public static void Put(Database database, long project, ReadOnlySpan<byte> customer, long row, ConnectionStatus status) =>
        database.Prepare("INSERT OR REPLACE INTO customers (project, customer, connection, status) VALUES (?, ?, ?, ?)")
            .Bind(project).BindText(customer).Bind(row).Bind((long)status).Run();

    /// <summary>Changes the status of a customer, where it is in the table.</summary>
    public static void SetStatus(Database database, long project, string customer, ConnectionStatus status) =>
        database.Prepare("UPDATE customers SET status = ? WHERE project = ? AND customer = ?")
            .Bind((long)status).Bind(project).Bind(customer).Run();

    public static void Remove(Database database, long project, string customer) =>
        database.Prepare("DELETE FROM customers WHERE project = ? AND customer = ?").Bind(project).Bind(customer).Run();

    public static ConnectionStatus ReadStatus(Database database, long row) =>
        (ConnectionStatus)database.Prepare("SELECT status FROM connections WHERE id = ?").Bind(row).Scalar()!.Value;

    /// <summary>The customers of the rows after one, in the order of the rows.</summary>
    public static IEnumerable<(long Project, string Customer, long Row, ConnectionStatus Status)> After(Database database, long row)
    {
        var select = database.Prepare("SELECT project, customer, id, status FROM connections WHERE id > ? ORDER BY id").Bind(row);
        while (select.Step())
            yield return (select.Int64(0), select.Text(1), select.Int64(2), (ConnectionStatus)select.Int64(3));
    }
}
