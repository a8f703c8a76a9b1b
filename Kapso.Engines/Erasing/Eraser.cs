namespace Kapso.Engines.Erasing;

/// <summary>Erases customers step by step, in an order in which each step can be interrupted.</summary>
/// <param name="store">Where.</param>
/// <param name="audit">The audit, of which the customer's ids go.</param>
/// <param name="time">The clock.</param>
public sealed class Eraser(IErasureStore store, IAudit audit, TimeProvider time)
{
    /// <summary>See <see cref="IErasures.EraseAsync"/>.</summary>
    public async Task<Erasure> EraseAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        var (erasure, names) = await store.BeginAsync(key, cancellationToken);
        erasure = await CountAsync(erasure.Removing ?? new ErasedCounts());
        erasure = await CountAsync(new ErasedCounts { Messages = await store.EraseMessagesAsync(key, cancellationToken) });
        erasure = await CountAsync(await store.EraseBesideAsync(key.ProjectId, names, cancellationToken));
        await audit.RedactAuditAsync(key, erasure.Hash, cancellationToken);
        await store.ForgetNamesAsync(key, erasure.Hash, cancellationToken);
        return await FinishAsync(key.ProjectId, erasure, cancellationToken);

        async Task<Erasure> CountAsync(ErasedCounts counts)
        {
            var counted = erasure with { Counts = erasure.Counts.Plus(counts), Removing = null };
            await store.SaveErasureAsync(key.ProjectId, counted, cancellationToken);
            return counted;
        }
    }

    /// <summary>See <see cref="IErasures.ContinueErasuresAsync"/>.</summary>
    public async Task<IReadOnlyList<Erasure>> ContinueAsync(string projectId, CancellationToken cancellationToken)
    {
        var unfinished = await store.ListUnfinishedAsync(projectId, cancellationToken);
        var erasures = new List<Erasure>();
        foreach (var customer in unfinished.Customers)
            erasures.Add(await EraseAsync(new CustomerKey(projectId, customer), cancellationToken));
        foreach (var hash in unfinished.Hashes)
        {
            if (await store.FindErasureAsync(hash, cancellationToken) is { } erasure)
                erasures.Add(await FinishAsync(projectId, erasure, cancellationToken));
        }

        return erasures;
    }

    /// <summary>The last step: nothing that is written after it tells whose erasure it was.</summary>
    private async Task<Erasure> FinishAsync(string projectId, Erasure erasure, CancellationToken cancellationToken)
    {
        var left = await store.EraseBytesAsync(cancellationToken);
        erasure = erasure with { Remains = left.Remains, CompletedAt = left.IsTriedAgain ? null : time.GetUtcNow().ToWholeMilliseconds() };
        await store.SaveErasureAsync(projectId, erasure, cancellationToken);
        return erasure;
    }
}
