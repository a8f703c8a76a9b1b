using Kapso.Engines.Orleans;
using Kapso.Engines.Transfer;

namespace Kapso.Api.Transfer;

/// <summary>Takes a transfer into the cluster, some customers at a time.</summary>
/// <param name="engine">The cluster's engine.</param>
/// <param name="say">Where progress is told.</param>
internal sealed class Import(ClusterEngine engine, Action<FormattableString> say)
{
    private const int Parallelism = 32;
    private const int ChunkSize = 1_000;

    /// <summary>Attempts at one item: a silo that is replaced meanwhile costs its customers some seconds.</summary>
    private const int Attempts = 30;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private long _taken;
    private long _known;

    /// <summary>Takes everything in. What it has done is told at the end, and on the way.</summary>
    /// <exception cref="EngineUnavailableException">The cluster did not answer for a while.</exception>
    /// <exception cref="TransferException">The file cannot be taken into this store.</exception>
    public async Task RunAsync(IEnumerable<TransferItem> items, TransferEnd whole, CancellationToken cancellationToken)
    {
        foreach (var chunk in items.Chunk(ChunkSize))
        {
            foreach (var first in chunk.Where(item => item is TransferredErasureKey or TransferredReceivers))
                await EachAsync([first], TakeAsync, cancellationToken);
            await EachAsync(chunk.OfType<TransferredErasure>(), TakeAsync, cancellationToken);

            // A parked delivery is replayed as soon as it is there: its customer has to be there before.
            await EachAsync(chunk.OfType<TransferredCustomer>(), TakeAsync, cancellationToken);
            await EachAsync(
                chunk.Where(item => item is not (TransferredCustomer or TransferredReceivers or TransferredErasureKey or TransferredErasure)), TakeAsync, cancellationToken);
            if (chunk.Any(item => item is TransferredCustomer))
                say($"{_taken + _known:N0} of {whole.Customers:N0} customers");
        }

        say($"{_taken:N0} customers are taken over; {_known:N0} were known and are left as they are.");
    }

    private static Task EachAsync(
        IEnumerable<TransferItem> items, Func<TransferItem, CancellationToken, Task> take, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (item, stop) =>
            {
                for (var attempt = 1; ; attempt++)
                {
                    try
                    {
                        await take(item, stop);
                        return;
                    }
                    catch (EngineUnavailableException) when (attempt < Attempts)
                    {
                        await Task.Delay(BetweenAttempts, stop);
                    }
                }
            });

    private async Task TakeAsync(TransferItem item, CancellationToken cancellationToken)
    {
        switch (item)
        {
            case TransferStart start:
                await engine.ImportFirstStartAsync(start.FirstStart, cancellationToken);
                break;
            case TransferredCustomer customer:
                if (await engine.ImportAsync(customer.Connection, customer.Owns, cancellationToken))
                    Interlocked.Increment(ref _taken);
                else
                    Interlocked.Increment(ref _known);
                break;
            case TransferredReceivers receivers:
                // Where the cluster has some already, they are newer.
                if ((await engine.ReadReceiversAsync(receivers.ProjectId, cancellationToken)).Version == 0)
                    await engine.SaveReceiversAsync(receivers.ProjectId, receivers.Book with { Version = 1 }, cancellationToken);
                break;
            case TransferredErasureKey key:
                if (!await engine.ImportErasureKeyAsync(new ErasureKey(key.Key), cancellationToken))
                    throw new TransferException("Customers were erased in the cluster before, and what is remembered of them is hashed under another key. Take the file into a store of its own.");
                break;
            case TransferredErasure erasure:
                await engine.ImportErasureAsync(erasure.Erasure, cancellationToken);
                break;
            case TransferredParked parked:
                await engine.ParkAsync(parked.Delivery, cancellationToken);
                break;
            case TransferredHint hint:
                await engine.HoldHintAsync(hint.ProjectId, hint.Hint, cancellationToken);
                break;
            case TransferredAudit audit:
                await engine.AppendAuditAsync(audit.Line, cancellationToken);
                break;
        }
    }
}
