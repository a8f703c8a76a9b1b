using Kapso.Embedded.Engine.Reading;

namespace Kapso.Embedded.Engine.Writing;

/// <summary>The table of customers, and the index of those that are not in it yet.</summary>
internal sealed partial class Batch
{
    private int _put;

    /// <summary>A write of this batch failed, and what it changed is to be read again.</summary>
    public void Doubt()
    {
        foreach (var entry in ChangedStatuses())
            state.Customers.Doubt(entry.Project, entry.Key.CustomerId);
    }

    private void FlushCustomers()
    {
        var added = _entries.Values.Count(static entry => entry is { IsDirty: true, Committed: null });
        foreach (var (project, customer, row, status) in state.Customers.Due(added))
        {
            CustomerRows.Put(database, project, customer.Span, row, status);
            _put++;
        }

        if (state.Customers.IndexedUpTo(_put) is { } last)
            CustomerRows.SetIndexedUpTo(database, last);

        foreach (var entry in ChangedStatuses())
            CustomerRows.SetStatus(database, entry.Project, entry.Key.CustomerId, entry.Current.Status);
    }

    private void PublishCustomers()
    {
        state.Customers.Put(_put);
        foreach (var entry in _entries.Values)
        {
            if (entry is { IsDirty: true, Committed: null })
                state.Customers.Add(entry.Project, entry.Key.CustomerId, entry.Id, entry.Current.Status);
        }

        foreach (var entry in ChangedStatuses())
            state.Customers.Change(entry.Project, entry.Key.CustomerId, entry.Current.Status);
    }

    private IEnumerable<Entry> ChangedStatuses() =>
        _entries.Values.Where(static entry => entry.Committed is { } committed && committed.Status != entry.Current.Status);
}
