using System.Runtime.ExceptionServices;

namespace Kapso.Engines.Erasing;

/// <summary>Erases customers step by step, in an order in which each step can be interrupted.</summary>
/// <param name="store">Where.</param>
/// <param name="audit">The audit, of which the customer's ids go.</param>
/// <param name="time">The clock.</param>
public sealed class Eraser(IErasureStore store, IAudit audit, TimeProvider time)
{
    /// <summary>See <see cref="IErasures.EraseAsync"/>.</summary>
    public Task<Erasure> EraseAsync(CustomerKey key, CancellationToken cancellationToken) => EraseAsync(key, goesOn: false, cancellationToken);

    /// <summary>See <see cref="IErasures.ContinueErasuresAsync"/>.</summary>
    public async Task<IReadOnlyList<Erasure>> ContinueAsync(string projectId, CancellationToken cancellationToken)
    {
        var unfinished = await store.ListUnfinishedAsync(projectId, cancellationToken);
        var erasures = new List<Erasure>();
        ExceptionDispatchInfo? failure = null;
        foreach (var customer in unfinished.Customers)
            await TryAsync(() => EraseAsync(new CustomerKey(projectId, customer), goesOn: true, cancellationToken));
        foreach (var hash in unfinished.Hashes)
            await TryAsync(() => FinishAsync(projectId, hash, cancellationToken));
        failure?.Throw();
        return erasures;

        async Task TryAsync(Func<Task<Erasure>> erase)
        {
            try
            {
                erasures.Add(await erase());
            }
#pragma warning disable CA1031 // One that fails holds up no other; it is told of at the end.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }
    }

    private async Task<Erasure> EraseAsync(CustomerKey key, bool goesOn, CancellationToken cancellationToken)
    {
        var (hash, names) = await store.BeginAsync(key, goesOn, cancellationToken);
        await CountAsync(new ErasedCounts { Messages = await store.EraseMessagesAsync(key, cancellationToken) });
        await CountAsync(await store.EraseBesideAsync(key.ProjectId, names, cancellationToken));
        await audit.RedactAuditAsync(key, hash, cancellationToken);
        await store.ForgetNamesAsync(key, hash, cancellationToken);
        return await FinishAsync(key.ProjectId, hash, cancellationToken);

        Task CountAsync(ErasedCounts counts) => store.ChangeErasureAsync(
            key.ProjectId,
            hash,
            erasure => erasure with { Counts = erasure.Counts.Plus(erasure.Removing ?? new ErasedCounts()).Plus(counts), Removing = null },
            cancellationToken);
    }

    /// <summary>The last step: nothing that is written after it tells whose erasure it was.</summary>
    private async Task<Erasure> FinishAsync(string projectId, string hash, CancellationToken cancellationToken)
    {
        var left = await store.EraseBytesAsync(cancellationToken);
        DateTimeOffset? completedAt = left.IsTriedAgain ? null : time.GetUtcNow().ToWholeMilliseconds();
        return await store.ChangeErasureAsync(
            projectId, hash, erasure => erasure with { Remains = left.Remains, CompletedAt = completedAt }, cancellationToken);
    }
}
