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
            state.Customers.Doubt(entry.Key);
    }

    private void FlushCustomers()
    {
        var due = state.Customers.Due(_entries.Values.Count(static entry => entry is { IsDirty: true, Committed: null }));
        foreach (var (key, row) in due)
            CustomerRows.Put(database, Project(key.ProjectId), key.CustomerId, row);

        _put = due.Length;
        if (state.Customers.IndexedUpTo(_put) is > 0 and var last)
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
                state.Customers.Add(entry.Key, new CustomerRow(entry.Id, entry.Current.Status));
        }

        foreach (var entry in ChangedStatuses())
            state.Customers.Change(entry.Key, entry.Current.Status);
    }

    private IEnumerable<Entry> ChangedStatuses() =>
        _entries.Values.Where(static entry => entry.Committed is { } committed && committed.Status != entry.Current.Status);
}
