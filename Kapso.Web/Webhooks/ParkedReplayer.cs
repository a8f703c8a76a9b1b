using Kapso.Connections.Webhooks;
using Kapso.Engines.Budget;
using Kapso.Platform.Numbers;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Webhooks;

/// <summary>What became of a replay.</summary>
internal enum ReplayResult
{
    /// <summary>Folded in, now or before.</summary>
    Replayed,

    /// <summary>It was discarded before.</summary>
    WasDiscarded,

    /// <summary>It cannot be folded in as it is; see the detail.</summary>
    CannotFold,

    /// <summary>The engine did not answer.</summary>
    Unavailable,
}

/// <summary>
/// Folds a parked delivery in after all, or discards it, and leaves a line in the timeline of the customers it names. Used
/// by the service itself and by operators; all of it can be repeated.
/// </summary>
internal sealed partial class ParkedReplayer(
    IConnectionEngine engine, DeliveryFolder folder, NumberOwners owners, TimeProvider time, ILogger<ParkedReplayer> logger)
{
    private const string ReplayedEvent = "parked.replayed";
    private const string DiscardedEvent = "parked.discarded";

    /// <summary>Folds a waiting delivery in. What arrived first keeps its time and counts as replayed.</summary>
    /// <param name="parked">The delivery.</param>
    /// <param name="source">Who asks: <see cref="Source.Operator"/> or <see cref="Source.Service"/>.</param>
    /// <param name="by">The person who asks, where one did and gave a name.</param>
    /// <param name="cancellationToken">Stops it; it can be repeated.</param>
    /// <returns>What became of it, and why, where it cannot be folded in.</returns>
    public async Task<(ReplayResult Result, string? Detail)> ReplayAsync(
        ParkedDelivery parked, Source source, string? by, CancellationToken cancellationToken)
    {
        switch (parked)
        {
            case { Status: ParkedStatus.Replayed }:
                return (ReplayResult.Replayed, null);
            case { Status: ParkedStatus.Discarded }:
                return (ReplayResult.WasDiscarded, "It was discarded.");
        }

        switch (parked.Read())
        {
            case WebhookReading.Observations observations:
                var items = FoldItem.Of(observations.Items);
                await FindOwnersAsync(parked.ProjectId, items, cancellationToken);
                switch (await folder.FoldAsync(parked.ProjectId, items, cancellationToken))
                {
                    case FoldResult.UnknownCustomer:
                        return (ReplayResult.CannotFold, items.Length == 1
                            ? "It names no customer, and its number is still not known."
                            : FoldItem.SayUnknown(items));
                    case FoldResult.TooManyNumbers:
                        return (ReplayResult.CannotFold, $"The connection has {Connection.MaxNumbers} numbers already.");
                    case FoldResult.Unavailable:
                        return (ReplayResult.Unavailable, null);
                }

                await NoteAsync(items.Select(item => item.Key!.Value), parked, source, ReplayedEvent, by, cancellationToken);
                break;
            case WebhookReading.Park park:
                return (ReplayResult.CannotFold, park.Detail);
        }

        // Only now: a crash before this line replays it again, which changes nothing.
        await engine.ResolveParkedAsync(parked.ProjectId, parked.Id, ParkedStatus.Replayed, cancellationToken);
        Replayed(parked.ProjectId, parked.Id, parked.Reason, source);
        return (ReplayResult.Replayed, null);
    }

    /// <summary>Discards a waiting delivery.</summary>
    /// <param name="parked">The delivery.</param>
    /// <param name="by">Who asks, where a person did and gave a name.</param>
    /// <param name="cancellationToken">Stops it; it can be repeated.</param>
    /// <returns>It as it is now; null where it is not kept (any more).</returns>
    public async Task<ParkedDelivery?> DiscardAsync(ParkedDelivery parked, string? by, CancellationToken cancellationToken)
    {
        if (parked.Status != ParkedStatus.Waiting)
            return parked;

        if (parked.Read() is WebhookReading.Observations observations)
        {
            var named = observations.Items
                .Where(item => item.CustomerId is not null)
                .Select(item => new CustomerKey(parked.ProjectId, item.CustomerId!));
            await NoteAsync(named, parked, Source.Operator, DiscardedEvent, by, cancellationToken);
        }

        var discarded = await engine.ResolveParkedAsync(
            parked.ProjectId, parked.Id, ParkedStatus.Discarded, cancellationToken);
        Discarded(parked.ProjectId, parked.Id, parked.Reason);
        return discarded;
    }

    /// <summary>
    /// Asks the platform whose the numbers are that no customer is named or known for. The delivery is the proof; the answer
    /// only says whose it is, so that a number on its way out counts as well. News of an account makes no number known, and waits
    /// until it is.
    /// </summary>
    private async Task FindOwnersAsync(string projectId, FoldItem[] items, CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            if (item.CustomerId is null && item.Observation is { PhoneNumberId: { } number, Kind: not ObservationKind.AccountChanged }
                && owners.IsWorthAsking(projectId, number)
                && await engine.FindByNumberAsync(projectId, number, cancellationToken) is null)
            {
                item.Key = (await owners.AskAsync(projectId, number, CallPurpose.Confirmation, cancellationToken)).Key;
            }
        }
    }

    private async Task NoteAsync(
        IEnumerable<CustomerKey> customers,
        ParkedDelivery parked,
        Source source,
        string @event,
        string? by,
        CancellationToken cancellationToken)
    {
        foreach (var key in customers.Distinct())
        {
            await engine.NoteAsync(
                key,
                new TimelineEntry
                {
                    At = time.GetUtcNow(),
                    Source = source,
                    Event = @event,
                    Outcome = Outcome.Noted,
                    DeliveryId = parked.IdempotencyKey is { } id && BoundedId.IsValid(id) ? id : null,
                    Detail = $"Parked delivery {parked.Id}.",
                    By = by,
                },
                cancellationToken);
        }
    }
}
