using System.Diagnostics;
using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Redis;
using Orleans.Placement;

namespace Kapso.Engines.Orleans.Grains;

/// <summary>
/// The one owner of a customer's connection. Decides on what it is about to write, writes what finds the connection, then the
/// connection; only then is the change what others see, and answered. Calls that come meanwhile share the next write. After a write that
/// failed or whose outcome is unknown it is poisoned: it answers nothing more, and the next call reaches an activation that has read
/// what is stored.
/// </summary>
[GrainType("connection")]
[PreferLocalPlacement]
internal sealed partial class ConnectionGrain : Grain, IConnectionGrain
{
    /// <inheritdoc/>
    public async Task<Receipt> ObserveAsync(Observation observation) => (await ObserveAsync(observation, static _ => true))!;

    /// <inheritdoc/>
    public async Task<bool> FoldHintAsync(Observation hint) => await ObserveAsync(
        hint, connection => connection.FindNumber(hint.PhoneNumberId)?.Status == NumberStatus.Connected) is not null;

    /// <summary>Folds an observation in; null, and it changes nothing, where the connection is not as it is to be.</summary>
    private async Task<Receipt?> ObserveAsync(Observation observation, Predicate<Connection> isFor)
    {
        if (FindLost(observation) is { } given)
            return given;
        var asked = observation;
        _ = ActivityContext.TryParse(observation.TraceParent, null, isRemote: true, out var parent);

        // Within the call, where the call belongs to the delivery's trace.
        if (Activity.Current is { } call && call.TraceId == parent.TraceId)
            parent = call.Context;
        using var activity = KapsoTelemetry.ActivitySource.StartActivity("kapso.observe", ActivityKind.Producer, parent);
        if (activity?.Id is { } traceParent)
            observation = observation with { TraceParent = traceParent };

        var receipt = await ChangeAsync((connection, previousOwner) =>
        {
            if (!isFor(connection))
                return new Change<Receipt?>(connection, static _ => null);
            var told = previousOwner is null ? observation : observation with { PreviousOwner = previousOwner };
            var decision = Decisions.Observe(connection, told, Policy, Now);
            return new Change<Receipt?>(decision.Connection, Receive(decision.Outcome), decision.ProvenNumber);
        });

        // The call that this one repeats may have waited as well.
        if (receipt is null || FindLost(asked) is not null)
            return FindLost(asked);
        activity?.SetTag("kapso.outcome", receipt.Outcome.ToString());
        KapsoTelemetry.Observations.Add(
            1, Tags.Of("source", observation.Source), Tags.OfEvent(observation.Event), Tags.Of("outcome", receipt.Outcome));
        _lastObserved = (asked, receipt);
        return receipt;
    }

    /// <summary>The answer that was given to an arrival of which its caller heard nothing, and calls again.</summary>
    private Receipt? FindLost(Observation observation) =>
        RepeatedCall.IsThis && _lastObserved is { } last && IsSame(last.Observation, observation) ? last.Receipt : null;

    /// <summary>Whether two calls are about one arrival.</summary>
    private static bool IsSame(Observation one, Observation other) =>
        (one.ReceivedAt, one.Kind, one.Event, one.DeliveryId, one.PhoneNumberId, one.SetupLinkId)
        == (other.ReceivedAt, other.Kind, other.Event, other.DeliveryId, other.PhoneNumberId, other.SetupLinkId);

    /// <inheritdoc/>
    public Task<Receipt> AddLinkAsync(SetupLink link) => ChangeAsync((connection, _) =>
    {
        var decision = Decisions.AddLink(connection, link, Policy, Now);
        return new Change<Receipt>(decision.Connection, Receive(decision.Outcome));
    });

    /// <inheritdoc/>
    public Task<LinkReceipt> ChangeLinkAsync(LinkChange change) => ChangeAsync((connection, _) =>
    {
        var decision = Decisions.ChangeLink(connection, change, Policy, Now);
        return new Change<LinkReceipt>(decision.Connection, _ => decision.Receipt);
    });

    /// <inheritdoc/>
    public Task<Receipt> SetContactPhoneAsync(string? phone) => ChangeAsync((connection, _) =>
    {
        var decision = Decisions.SetContactPhone(connection, phone, Policy, Now);
        return new Change<Receipt>(decision.Connection, Receive(decision.Outcome));
    });

    /// <inheritdoc/>
    public Task<Receipt> ChangeCustomerAsync(CustomerChange change, string? by) => ChangeAsync((connection, _) =>
    {
        var decision = Decisions.ChangeCustomer(connection, change, Now, by);
        return new Change<Receipt>(decision.Connection, Receive(decision.Outcome));
    });

    /// <inheritdoc/>
    public Task<EffectAction> ResendAsync(string effectId, string? by) => ChangeAsync((connection, _) =>
    {
        var (after, action) = Decisions.Resend(connection, effectId, Policy, Now, by);
        return new Change<EffectAction>(after, _ => action);
    });

    /// <inheritdoc/>
    public Task<EffectAction> SettleByHandAsync(string effectId, string? by) => ChangeAsync((connection, _) =>
    {
        var (after, action) = Decisions.SettleByHand(connection, effectId, Policy, Now, by);
        return new Change<EffectAction>(after, _ => action);
    });

    /// <inheritdoc/>
    public Task<EffectAction> GreetAsync(string phoneNumberId, string? by) => ChangeAsync((connection, _) =>
    {
        var (after, action) = Decisions.Greet(connection, phoneNumberId, Now, by);
        return new Change<EffectAction>(after, _ => action);
    });

    /// <inheritdoc/>
    public Task<EffectAction> SendAgainAsync(Effect notify, string? by) => ChangeAsync((connection, _) =>
    {
        var (after, action) = Decisions.SendAgain(connection, notify, Policy, Now, by);
        return new Change<EffectAction>(after, _ => action);
    });

    /// <inheritdoc/>
    public Task LookAtReceiversAsync() => ChangeAsync((connection, _) =>
        new Change<bool>(Decisions.LookAtReceivers(connection, Policy, Now), static _ => true));

    /// <inheritdoc/>
    public async Task SettleAsync(string effectId, int attempt, EffectResult result)
    {
        var outcome = await SettleAttemptAsync(effectId, attempt, result);
        if (result.Answer is { } heard)
            _arrivals.Arrived(_key.ProjectId, heard, outcome);
    }

    private Task<Outcome> SettleAttemptAsync(string effectId, int attempt, EffectResult result) => ChangeAsync((connection, previousOwner) =>
    {
        var told = previousOwner is null || result.Answer is not { } answer
            ? result
            : result with { Answer = answer with { PreviousOwner = previousOwner } };
        var decision = Decisions.Settle(connection, effectId, attempt, told, Policy, Now);
        return new Change<Outcome>(decision.Connection, _ => decision.Outcome, decision.ProvenNumber);
    });

    /// <inheritdoc/>
    public Task NoteAsync(TimelineEntry note) => ChangeAsync((connection, _) =>
        new Change<bool>(ReferenceEquals(connection, _nobody) ? connection : Decisions.Note(connection, note), static _ => true));

    /// <inheritdoc/>
    public Task WakeAsync(string entry) => ChangeAsync(
        static (connection, _) => new Change<bool>(connection, static _ => true), found: entry);

    /// <inheritdoc/>
    public Task ForgetLinksAsync(string[] states, string[] links) => AloneAsync(async () =>
    {
        var leftovers = IndexOperations.Leftovers(Current, states, links);
        if (leftovers.Count > 0)
            await _index.WriteTailAsync(_key.ProjectId, new IndexTail(_key.CustomerId, null, leftovers, []));
        return true;
    });

    /// <inheritdoc/>
    public Task AddWordsAsync() => AloneAsync(async () =>
    {
        if (_written is { } written)
        {
            await _index.WriteTailAsync(_key.ProjectId, new IndexTail(
                _key.CustomerId, null, [IndexOperations.Words(written), new("names", ConnectionSummary.Names(written))], []));
        }

        return true;
    });

    /// <inheritdoc/>
    public Task<bool> ImportAsync(Connection connection, string[] ownedNumbers) => AloneAsync(async () =>
    {
        if (_written is not null)
            return false;
        if (connection.Key != _key)
            throw new ArgumentException($"A connection of {_key} was expected, not of {connection.Key}.", nameof(connection));

        // The change itself takes over one number at most: what the customer owned comes before it.
        await GuardAsync(() => _index.TakeNumbersAsync(connection, _due, ownedNumbers, _clock.Now));
        var whole = new Rider<bool>((_, _) => new Change<bool>(connection, static _ => true), found: null);
        await WriteForAsync(new Queue<Rider>([whole]));
        return await whole.Answered;
    });

    /// <inheritdoc/>
    public Task<Connection?> FindAsync()
    {
        ThrowIfPoisoned();
        return Task.FromResult(_written);
    }

    /// <inheritdoc/>
    public Task<NumberStatus?> FindNumberStatusAsync(string phoneNumberId)
    {
        ThrowIfPoisoned();
        return Task.FromResult(_written?.FindNumber(phoneNumberId)?.Status);
    }

    private static Func<Connection, Receipt> Receive(Outcome outcome) =>
        written => new Receipt(outcome, written.Status, written.Sequence);
}
