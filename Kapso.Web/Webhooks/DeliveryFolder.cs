using Kapso.Web.Http;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Webhooks;

/// <summary>
/// Folds the observations of one delivery into their customers' connections: a call and one retry, each bounded in time.
/// Used for live deliveries and for replays, so that both find customers and settle in the same way.
/// </summary>
internal sealed partial class DeliveryFolder(
    IConnectionEngine engine, WebLimits limits, TimeProvider time, ILogger<DeliveryFolder> logger)
{
    /// <summary>Folds what is open. What the first call settled is not repeated by the retry.</summary>
    public async ValueTask<FoldResult> FoldAsync(
        string projectId, IReadOnlyList<FoldItem> items, CancellationToken cancellationToken)
    {
        if (!await TryOnceAsync(projectId, items, cancellationToken)
            && !await TryOnceAsync(projectId, items, cancellationToken))
        {
            return FoldResult.Unavailable;
        }

        var result = FoldResult.Folded;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].UnknownCustomer)
                return FoldResult.UnknownCustomer;
            if (items[i].Outcome == Outcome.Full)
                result = FoldResult.TooManyNumbers;
        }

        return result;
    }

    private async ValueTask<bool> TryOnceAsync(
        string projectId, IReadOnlyList<FoldItem> items, CancellationToken cancellationToken)
    {
        // The sender's going away does not stop it: news that arrived is news. Only the time-out (and a shutdown, for
        // replays) does.
        using var stop = new CancellationTokenSource(limits.EngineTimeout, time);
        using var _ = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), stop);
        try
        {
            if (items.Count == 1)
                await FoldOneAsync(projectId, items[0], stop.Token);
            else
                await FoldBatchAsync(projectId, items, stop.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            EngineTooSlow(projectId, limits.EngineTimeout.TotalSeconds);
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever the engine throws: the delivery is authentic, and parking it keeps it.
            EngineFailed(projectId, exception.Message, exception.Unexpected());
            return false;
        }
    }

    /// <summary>
    /// Folds in the order of the body what is said of one number, whomever it names, and what is said of one customer; the
    /// rest side by side. What comes after an item that failed is not folded.
    /// </summary>
    private Task FoldBatchAsync(string projectId, IReadOnlyList<FoldItem> items, CancellationToken stop)
    {
        var lastOfNumber = new Dictionary<string, (FoldItem Item, Task Folding)>(StringComparer.Ordinal);
        var lastOfCustomer = new Dictionary<string, Task>(StringComparer.Ordinal);
        var all = new Task[items.Count];
        for (var i = 0; i < all.Length; i++)
        {
            var item = items[i];
            var number = item.Observation.PhoneNumberId ?? "";
            var ofNumber = lastOfNumber.GetValueOrDefault(number);
            var ofCustomer = item.CustomerId is { } customer ? lastOfCustomer.GetValueOrDefault(customer) : null;
            all[i] = FoldAfterAsync(ofNumber.Item, Task.WhenAll(ofNumber.Folding ?? Task.CompletedTask, ofCustomer ?? Task.CompletedTask));
            lastOfNumber[number] = (item, all[i]);
            if (item.CustomerId is not null)
                lastOfCustomer[item.CustomerId] = all[i];

            async Task FoldAfterAsync(FoldItem? ofNumber, Task before)
            {
                await before;

                // Where the item before it is kept for later, it has to come after that one then.
                if (ofNumber is null or { IsFolded: true })
                    await FoldOneAsync(projectId, item, stop);
            }
        }

        return Task.WhenAll(all);
    }

    private async Task FoldOneAsync(string projectId, FoldItem item, CancellationToken stop)
    {
        if (item.Settled)
            return;

        item.Key ??= await FindCustomerAsync(projectId, item, stop);
        if (item.Key is not { } key)
        {
            item.UnknownCustomer = true;
            return;
        }

        // An engine that ignores its token must not hold the answer back.
        var receipt = await engine.ObserveAsync(key, item.Observation, stop).WaitAsync(stop);
        item.Outcome = receipt.Outcome;
    }

    private async Task<CustomerKey?> FindCustomerAsync(string projectId, FoldItem item, CancellationToken stop)
    {
        if (item.CustomerId is { } customerId)
            return new CustomerKey(projectId, customerId);
        return item.Observation.PhoneNumberId is { } number
            ? await engine.FindByNumberAsync(projectId, number, stop).WaitAsync(stop)
            : null;
    }
}
