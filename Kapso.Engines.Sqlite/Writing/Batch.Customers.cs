using Kapso.Engines.Sqlite.Reading;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>The table of customers, and the index of those that are not in it yet.</summary>
internal sealed partial class Batch
{
    private int _put;

    /// <summary>A write of this batch failed, and what it changed is to be read again.</summary>
    public void Doubt()
    {
        foreach (var entry in _entries.Values.Where(static entry => entry.ChangesStatus))
            state.Customers.Doubt(entry.Project, entry.Key.CustomerId);
    }

    /// <summary>Puts those into the table that are due. Before the statuses that this batch changes.</summary>
    private void FlushDueCustomers()
    {
        foreach (var (project, customer, row, status) in state.Customers.Due(_entries.Values.Count(static entry => entry.IsAdded)))
        {
            if (project != GatheredCustomers.Nobody && !_erased.Exists(entry => entry.Id == row))
                CustomerRows.Put(database, project, customer.Span, row, status);
            _put++;
        }

        if (state.Customers.IndexedUpTo(_put) is { } last)
            CustomerRows.SetIndexedUpTo(database, last);
    }

    private void FlushCustomer(Entry entry)
    {
        if (entry.ChangesStatus)
            CustomerRows.SetStatus(database, entry.Project, entry.Key.CustomerId, entry.Current.Status);
    }

    private void PublishCustomer(Entry entry)
    {
        if (entry.IsAdded)
            state.Customers.Add(entry.Project, entry.Key.CustomerId, entry.Id, entry.Current.Status);
        else if (entry.ChangesStatus)
            state.Customers.Change(entry.Project, entry.Key.CustomerId, entry.Current.Status);
    }
}
