namespace Kapso.Engines.Sqlite.Writing;

/// <summary>The index of numbers: who last proved to own each.</summary>
internal sealed partial class Batch
{
    private readonly Dictionary<(long Project, string PhoneNumberId), Ownership> _owners = [];

    /// <summary>Whose number it is by the index, counting this batch; null where nobody proved it.</summary>
    public CustomerKey? FindOwner(string projectId, string phoneNumberId) =>
        FindOwner(Project(projectId), phoneNumberId) is { } customer ? new CustomerKey(projectId, customer) : null;

    private string? FindOwner(long project, string phoneNumberId) => Owner(project, phoneNumberId).Customer;

    private Ownership Owner(long project, string phoneNumberId)
    {
        if (_owners.TryGetValue((project, phoneNumberId), out var known))
            return known;

        var select = database.Prepare(
            """
            SELECT n.connection, c.customer FROM numbers n JOIN connections c ON c.id = n.connection
            WHERE n.project = ? AND n.phone_number_id = ? AND n.owner = 1
            """).Bind(project).Bind(phoneNumberId);
        var owner = select.Step() ? new Ownership(select.Int64(0), select.Text(1)) : new Ownership(null, null);
        select.Reset();
        _owners.Add((project, phoneNumberId), owner);
        return owner;
    }

    private void TakeOver(Entry entry, string phoneNumberId) =>
        Owner(entry.Project, phoneNumberId).Pass(entry.Id, entry.Key.CustomerId);

    private Observation WithPreviousOwner(Entry entry, Observation observation)
    {
        if (observation.PhoneNumberId is not { } phoneNumberId
            || observation.Kind is not (ObservationKind.Created or ObservationKind.Reconnected or ObservationKind.ApiConnected))
            return observation;
        var owner = FindOwner(entry.Project, phoneNumberId);
        var previous = owner == entry.Key.CustomerId ? null : owner;
        return previous == observation.PreviousOwner ? observation : observation with { PreviousOwner = previous };
    }

    private void FlushNumbers(Entry entry)
    {
        foreach (var number in entry.Current.Numbers)
        {
            var isOwner = _owners.TryGetValue((entry.Project, number.PhoneNumberId), out var owner)
                && owner.Connection == entry.Id && owner.StoredConnection != entry.Id;
            if (isOwner)
                FlushOwner(entry, number.PhoneNumberId, owner!);
            else if (entry.Committed?.FindNumber(number.PhoneNumberId) is null)
                database.Prepare("INSERT OR IGNORE INTO numbers (project, phone_number_id, connection, owner) VALUES (?, ?, ?, 0)")
                    .Bind(entry.Project).Bind(number.PhoneNumberId).Bind(entry.Id).Run();
        }

        if (entry.Committed is null || entry.Committed.Numbers == entry.Current.Numbers)
            return;
        foreach (var number in entry.Committed.Numbers)
        {
            if (entry.Current.FindNumber(number.PhoneNumberId) is null)
                database.Prepare("DELETE FROM numbers WHERE project = ? AND phone_number_id = ? AND connection = ? AND owner = 0")
                    .Bind(entry.Project).Bind(number.PhoneNumberId).Bind(entry.Id).Run();
        }
    }

    private void FlushOwner(Entry entry, string phoneNumberId, Ownership owner)
    {
        if (owner.StoredConnection is { } previous)
            database.Prepare("UPDATE numbers SET owner = 0 WHERE project = ? AND phone_number_id = ? AND connection = ?")
                .Bind(entry.Project).Bind(phoneNumberId).Bind(previous).Run();
        database.Prepare(
            """
            INSERT INTO numbers (project, phone_number_id, connection, owner) VALUES (?, ?, ?, 1)
            ON CONFLICT DO UPDATE SET owner = 1
            """).Bind(entry.Project).Bind(phoneNumberId).Bind(entry.Id).Run();
    }

    /// <summary>Who owns a number: in the store, and after this batch.</summary>
    private sealed class Ownership(long? storedConnection, string? customer)
    {
        public long? StoredConnection { get; } = storedConnection;

        public long? Connection { get; private set; } = storedConnection;

        public string? Customer { get; private set; } = customer;

        /// <summary>It is nobody's any more.</summary>
        public void Leave() => (Connection, Customer) = (null, null);

        public void Pass(long connection, string newCustomer) => (Connection, Customer) = (connection, newCustomer);
    }
}
