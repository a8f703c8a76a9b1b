using System.Diagnostics;
using Kapso.Connections.Reconciling;
using Kapso.Engines.Sqlite.Writing;

namespace Kapso.Engines.Sqlite;

public sealed partial class EmbeddedEngine
{
    /// <summary>About what one connection adds to a transaction, in bytes.</summary>
    private const int RecordSize = 2_048;

    /// <inheritdoc/>
    public Task<Receipt> ObserveAsync(CustomerKey key, Observation observation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(observation);
        ThrowIfNotAccepting();
        return ObserveCoreAsync(key, observation, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Receipt> AddLinkAsync(CustomerKey key, SetupLink link, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(link);
        return WriteAsync(batch => batch.AddLink(batch.Load(key), link), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<LinkReceipt> ChangeLinkAsync(CustomerKey key, LinkChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return WriteAsync(batch => batch.ChangeLink(batch.Load(key), change), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Receipt> SetContactPhoneAsync(CustomerKey key, string? phone, CancellationToken cancellationToken) =>
        WriteAsync(batch => batch.SetContactPhone(batch.Load(key), phone), cancellationToken);

    /// <inheritdoc/>
    public Task<Receipt> ChangeCustomerAsync(CustomerKey key, CustomerChange change, string? by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return WriteAsync(batch => batch.ChangeCustomer(batch.Load(key), change, by), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EffectAction> ResendAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken) =>
        ActAsync(key, (batch, connection) =>
            Decisions.Resend(connection, effectId, batch.PolicyOf(key), batch.Now, by), cancellationToken);

    /// <inheritdoc/>
    public Task<EffectAction> SettleAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken) =>
        ActAsync(key, (batch, connection) =>
            Decisions.SettleByHand(connection, effectId, batch.PolicyOf(key), batch.Now, by), cancellationToken);

    /// <inheritdoc/>
    public Task<EffectAction> GreetAsync(CustomerKey key, string phoneNumberId, string? by, CancellationToken cancellationToken) =>
        ActAsync(key, (batch, connection) => Decisions.Greet(connection, phoneNumberId, batch.Now, by), cancellationToken);

    /// <inheritdoc/>
    public Task NoteAsync(CustomerKey key, TimelineEntry note, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(note);
        return WriteAsync(
            batch =>
            {
                var entry = batch.Load(key);
                if (entry.IsKnown)
                    entry.Current = Decisions.Note(entry.Current, note);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task ParkAsync(ParkedDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return WriteAsync(
            batch =>
            {
                batch.Park(delivery);
                return true;
            },
            cancellationToken,
            RecordSize + delivery.Body.Length);
    }

    /// <inheritdoc/>
    public Task<ParkedDelivery?> ResolveParkedAsync(
        string projectId, string id, ParkedStatus status, CancellationToken cancellationToken) =>
        WriteAsync(batch => batch.ResolveParked(projectId, id, status), cancellationToken);

    /// <inheritdoc/>
    public Task<int> HoldHintAsync(string projectId, Observation hint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hint);
        return WriteAsync(
            batch =>
            {
                var dropped = batch.HoldHint(projectId, hint);
                batch.CountArrival(projectId, hint, Outcome.Noted);
                return dropped;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task AddTurnedAwayAsync(string? projectId, IReadOnlyList<TurnedAwayTally> tallies, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        return WriteAsync(
            batch =>
            {
                batch.AddTurnedAway(projectId, tallies);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CountEventAsync(string projectId, SeenEvent seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seen);
        try
        {
            await WriteAsync(
                batch =>
                {
                    batch.CountEvent(projectId, seen);
                    return true;
                },
                cancellationToken,
                SeenEvent.MaxBody);
        }
        catch (EngineUnavailableException exception)
        {
            // Nothing of ours hangs on the count: the delivery need not be refused for it.
            LogNotCounted(exception);
        }
    }

    /// <inheritdoc/>
    public Task KeepFailedSetupAsync(string projectId, FailedSetup failed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(failed);
        return WriteAsync(
            batch =>
            {
                batch.KeepFailedSetup(projectId, failed);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> IntendCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        return WriteAsync(batch => batch.IntendCustomer(projectId, intent), cancellationToken);
    }

    /// <inheritdoc/>
    public Task WithdrawCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        return WriteAsync(
            batch =>
            {
                batch.WithdrawCustomer(projectId, intent);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> SaveReconciliationAsync(
        string projectId, Reconciliation reconciliation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reconciliation);
        return WriteAsync(batch => batch.SaveReconciliation(projectId, reconciliation), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> SaveWebhookAsync(string projectId, KeptWebhook webhook, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        return WriteAsync(batch => batch.SaveWebhook(projectId, webhook), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> SaveReceiversAsync(string projectId, ReceiverBook book, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(book);
        return WriteAsync(batch => batch.SaveReceivers(projectId, book), cancellationToken);
    }

    /// <inheritdoc/>
    public Task LookAtReceiversAsync(CustomerKey key, CancellationToken cancellationToken) => WriteAsync(
        batch =>
        {
            batch.LookAtReceivers(batch.Load(key));
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task RecordMessageAsync(string projectId, string receiverId, ReceiverMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return WriteAsync(
            batch =>
            {
                batch.RecordMessage(projectId, receiverId, message);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EffectAction> SendAgainAsync(CustomerKey key, Effect notify, string? by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notify);
        return ActAsync(key, (batch, connection) =>
            Decisions.SendAgain(connection, notify, batch.PolicyOf(key), batch.Now, by), cancellationToken);
    }

    private async Task<Receipt> ObserveCoreAsync(CustomerKey key, Observation observation, CancellationToken cancellationToken)
    {
        _ = ActivityContext.TryParse(observation.TraceParent, null, isRemote: true, out var parent);
        using var activity = KapsoTelemetry.ActivitySource.StartActivity("kapso.observe", ActivityKind.Producer, parent);
        if (activity?.Id is { } traceParent)
            observation = observation with { TraceParent = traceParent };

        var receipt = await Live().WriteAsync(
            batch =>
            {
                var observed = batch.Observe(batch.Load(key), observation);
                batch.CountArrival(key.ProjectId, observation, observed.Outcome);
                return observed;
            },
            RecordSize,
            cancellationToken);

        activity?.SetTag("kapso.outcome", receipt.Outcome.ToString());
        KapsoTelemetry.Observations.Add(
            1, Tags.Of("source", observation.Source), Tags.OfEvent(observation.Event), Tags.Of("outcome", receipt.Outcome));
        return receipt;
    }

    private Task<EffectAction> ActAsync(
        CustomerKey key,
        Func<Batch, Connection, (Connection Connection, EffectAction Action)> act,
        CancellationToken cancellationToken) =>
        WriteAsync(
            batch =>
            {
                var entry = batch.Load(key);
                if (!entry.IsKnown)
                    return EffectAction.NotFound;
                (entry.Current, var action) = act(batch, entry.Current);
                return action;
            },
            cancellationToken);

    private async Task SettleAttemptAsync(ClaimedEffect claimed, EffectResult result) => await Live().WriteAsync(
        batch =>
        {
            batch.Settle(claimed.Key, claimed.Effect.Id, claimed.Effect.Attempt, result);
            return true;
        },
        RecordSize,
        CancellationToken.None);

    private async void Tidy()
    {
        try
        {
            await WriteAsync(
                batch =>
                {
                    batch.Tidy();
                    return true;
                },
                CancellationToken.None);

            // Some at a time: deliveries come in between.
            while (await WriteAsync(batch => batch.PruneAudit(), CancellationToken.None))
            {
            }
        }
        catch (EngineUnavailableException exception)
        {
            LogNotTidied(exception);
        }
    }

    private Task<T> WriteAsync<T>(Func<Batch, T> write, CancellationToken cancellationToken, int size = RecordSize)
    {
        ThrowIfNotAccepting();
        return Live().WriteAsync(write, size, cancellationToken);
    }

    private void ThrowIfNotAccepting()
    {
        if (!_accepting)
            throw new EngineUnavailableException(NotRunning);
    }
}
