using Kapso.Connections.Reconciling;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Customers;

namespace Kapso.Platform.Reconciling;

/// <summary>
/// Reads what customers are called out of the platform's list of them: webhooks tell little of it. A full pass reads all, the others
/// those who are new. Where the platform does not answer, a later pass reads them.
/// </summary>
internal sealed partial class PassRun
{
    private async Task ReadNamesAsync(ReconciliationPass pass, CancellationToken cancellationToken)
    {
        var since = (await record.ReadAsync(cancellationToken)).ListedUntil - Passes.Margin;
        string? page = null;
        do
        {
            var answer = await client.ListCustomersAsync(null, page, CallPurpose.Reconciliation, cancellationToken);
            if (!answer.IsDone)
                return;
            await Task.WhenAll(answer.Value.Items.Select(customer => KeepNamesAsync(customer, cancellationToken)));
            var older = !pass.Full && answer.Value.Items.Count > 0 && answer.Value.Items.All(customer => customer.CreatedAt < since);
            page = older ? null : answer.Value.Next;
        }
        while (page is not null);
    }

    /// <summary>Of customers whom nobody has spoken of, nothing is kept.</summary>
    private async Task KeepNamesAsync(PlatformCustomer customer, CancellationToken cancellationToken)
    {
        if (customer.Names is not { } told
            || !CustomerKey.TryCreate(record.ProjectId, customer.Id, out var key)
            || await engine.FindAsync(key, cancellationToken) is not { } connection)
            return;
        var (ownId, name) = (connection.OwnId?.Value, connection.Name?.Value);
        if ((ownId, name) != (told.OwnId ?? ownId, told.Name ?? name))
            await ObserveAsync(key, CustomerDirectory.NamesOf(told, time.GetUtcNow()), cancellationToken);
    }
}
