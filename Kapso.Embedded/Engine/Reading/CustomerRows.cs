using Kapso.Connections;
using Kapso.Embedded.Engine.Store;

namespace Kapso.Embedded.Engine.Reading;

/// <summary>Where a customer's connection is, and what lists are chosen by.</summary>
internal sealed class CustomerRow(long id, ConnectionStatus status)
{
    public long Id => id;

    public ConnectionStatus Status { get; set; } = status;
}

/// <summary>The table of customers. Those of the newest rows may be missing from it: see <see cref="Writing.CustomerIndex"/>.</summary>
internal static class CustomerRows
{
    /// <summary>The last row up to which every customer is in the table.</summary>
    public static long IndexedUpTo(Database database) =>
        database.Prepare("SELECT value FROM meta WHERE name = 'indexed_up_to'").Scalar() ?? 0;

    public static void SetIndexedUpTo(Database database, long row) =>
        database.Prepare("UPDATE meta SET value = max(value, ?) WHERE name = 'indexed_up_to'").Bind(row).Run();

    public static void Put(Database database, long project, string customer, CustomerRow row) =>
        database.Prepare("INSERT OR REPLACE INTO customers (project, customer, connection, status) VALUES (?, ?, ?, ?)")
            .Bind(project).Bind(customer).Bind(row.Id).Bind((long)row.Status).Run();

    /// <summary>Changes the status of a customer, where it is in the table.</summary>
    public static void SetStatus(Database database, long project, string customer, ConnectionStatus status) =>
        database.Prepare("UPDATE customers SET status = ? WHERE project = ? AND customer = ?")
            .Bind((long)status).Bind(project).Bind(customer).Run();

    public static ConnectionStatus ReadStatus(Database database, long row) =>
        (ConnectionStatus)database.Prepare("SELECT status FROM connections WHERE id = ?").Bind(row).Scalar()!.Value;

    /// <summary>The customers of the rows after one, in the order of the rows.</summary>
    public static IEnumerable<(CustomerKey Key, CustomerRow Row)> After(Database database, long row, Func<long, string> projectName)
    {
        var select = database.Prepare("SELECT id, project, customer, status FROM connections WHERE id > ? ORDER BY id").Bind(row);
        while (select.Step())
        {
            yield return (
                new CustomerKey(projectName(select.Int64(1)), select.Text(2)),
                new CustomerRow(select.Int64(0), (ConnectionStatus)select.Int64(3)));
        }
    }
}
