using Kapso.Connections.Reconciling;
using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans;

/// <summary>
/// The engine of a cluster, as its callers see it: connections by calls to their grains, all the rest in Redis, which is
/// there while no silo is. A grain that failed is called once more, with the same delivery, and then it is another activation.
/// </summary>
public sealed partial class ClusterEngine : IConnectionEngine
{
    private readonly ConnectionGrains _grains;
    private readonly IConnectionMultiplexer _redis;
    private readonly StoreKeys _keys;
    private readonly EngineClock _clock;
    private readonly ClusterEngineOptions _options;
    private readonly HintStore _hints;
    private readonly ParkedStore _parked;
    private readonly ActivityStore _activity;
    private readonly ReconciliationStore _reconciliations;
    private readonly CustomerIntentStore _intents;
    private readonly ConnectionList _connections;
    private readonly EffectList _effects;
    private readonly LinkCheckList _linkChecks;
    private readonly StoreHealth _health;
    private readonly ReceiverStore _receivers;
    private readonly MessageStore _messages;
    private readonly CountStore _counts;
    private readonly TurnedAwayStore _turnedAway;
    private readonly AuditStore _audit;
    private readonly ErasureStore _erasures;
    private readonly StoreIdentity _store;
    private readonly StoreWatch _watch;
    private readonly ArrivalCounter _arrivals;
    private readonly ILogger<ClusterEngine> _logger;

    internal ClusterEngine(
        IGrainFactory grains,
        IConnectionMultiplexer redis,
        StoreKeys keys,
        EngineClock clock,
        ArrivalCounter arrivals,
        StoreWatch watch,
        IOptions<ClusterEngineOptions> options,
        ILogger<ClusterEngine> logger)
    {
        (_grains, _redis, _keys, _clock, _options, _logger) =
            (new ConnectionGrains(grains), redis, keys, clock, options.Value, logger);
        _hints = new HintStore(redis, keys);
        _parked = new ParkedStore(redis, keys);
        _activity = new ActivityStore(redis, keys, _hints);
        _reconciliations = new ReconciliationStore(redis, keys);
        _intents = new CustomerIntentStore(redis, keys);
        _connections = new ConnectionList(redis, keys);
        _effects = new EffectList(redis, keys);
        _linkChecks = new LinkCheckList(redis, keys);
        _receivers = new ReceiverStore(redis, keys);
        _messages = new MessageStore(redis, keys);
        _health = new StoreHealth(redis, keys, clock, watch);
        _turnedAway = new TurnedAwayStore(redis, keys);
        _counts = new CountStore(redis, keys, _turnedAway);
        _audit = new AuditStore(redis, keys);
        _erasures = new ErasureStore(redis, keys);
        _store = new StoreIdentity(redis, keys);
        _watch = watch;
        _arrivals = arrivals;
    }

    /// <inheritdoc/>
    public async Task<Receipt> ObserveAsync(CustomerKey key, Observation observation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(observation);
        var receipt = await CallAsync(key, grain => grain.ObserveAsync(observation), cancellationToken);
        _arrivals.Arrived(key.ProjectId, observation, receipt.Outcome);
        return receipt;
    }

    /// <inheritdoc/>
    public Task<Receipt> AddLinkAsync(CustomerKey key, SetupLink link, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(link);
        return CallAsync(key, grain => grain.AddLinkAsync(link), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<LinkReceipt> ChangeLinkAsync(CustomerKey key, LinkChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return CallAsync(key, grain => grain.ChangeLinkAsync(change), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Receipt> SetContactPhoneAsync(CustomerKey key, string? phone, CancellationToken cancellationToken) =>
        CallAsync(key, grain => grain.SetContactPhoneAsync(phone), cancellationToken);

    /// <inheritdoc/>
    public Task<Receipt> ChangeCustomerAsync(CustomerKey key, CustomerChange change, string? by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return CallAsync(key, grain => grain.ChangeCustomerAsync(change, by), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EffectAction> ResendAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken) =>
        CallAsync(key, grain => grain.ResendAsync(effectId, by), cancellationToken);

    /// <inheritdoc/>
    public Task<EffectAction> SettleAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken) =>
        CallAsync(key, grain => grain.SettleByHandAsync(effectId, by), cancellationToken);

    /// <inheritdoc/>
    public Task<EffectAction> GreetAsync(CustomerKey key, string phoneNumberId, string? by, CancellationToken cancellationToken) =>
        CallAsync(key, grain => grain.GreetAsync(phoneNumberId, by), cancellationToken);

    /// <inheritdoc/>
    public Task NoteAsync(CustomerKey key, TimelineEntry note, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(note);
        return CallAsync(
            key,
            async grain =>
            {
                await grain.NoteAsync(note);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ParkAsync(ParkedDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var pruned = await StoreAsync(
            () => _parked.ParkAsync(delivery, _clock.Now, _options.ParkedMaxAge, _options.ParkedMaxCount), cancellationToken);
        if (pruned.Rows > 0)
            _arrivals.Parked(delivery);
        _arrivals.Pruned(delivery.ProjectId, pruned);
    }

    /// <inheritdoc/>
    public Task<ParkedDelivery?> ResolveParkedAsync(
        string projectId, string id, ParkedStatus status, CancellationToken cancellationToken) =>
        StoreAsync(() => _parked.ResolveAsync(projectId, id, status, _clock.Now), cancellationToken);

    /// <summary>
    /// Keeps a hint, then looks for a proof that came meanwhile: a proof takes its number before it looks for hints, so that
    /// either it finds this one or it is found here, in whose turn it then is.
    /// </summary>
    public async Task<int> HoldHintAsync(string projectId, Observation hint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hint);
        if (hint.PhoneNumberId is not { } phoneNumberId)
            return 0;

        var dropped = await StoreAsync(() => _hints.HoldAsync(projectId, hint, _clock.Now), cancellationToken);
        _arrivals.Arrived(projectId, hint, Outcome.Noted);
        foreach (var candidate in await FindCandidatesAsync(projectId, phoneNumberId, cancellationToken))
        {
            if (!await CallAsync(candidate, grain => grain.FoldHintAsync(hint), cancellationToken))
                continue;
            await StoreAsync(() => _hints.RemoveAsync(projectId, hint), cancellationToken);
            break;
        }

        return dropped;
    }

    /// <inheritdoc/>
    public Task AddTurnedAwayAsync(string? projectId, IReadOnlyList<TurnedAwayTally> tallies, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        return StoreAsync(
            async () =>
            {
                // What passed here counts against a row of what failed.
                await _arrivals.FlushAsync();
                await _turnedAway.AddAsync(projectId, tallies, _clock.Now);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CountEventAsync(string projectId, SeenEvent seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seen);
        _arrivals.Heard(projectId, seen.ReceivedAt);
        try
        {
            await StoreAsync(() => _activity.CountAsync(projectId, seen), cancellationToken);
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
        _arrivals.Failed(projectId, failed.ErrorCode);
        return StoreAsync(() => _activity.KeepFailedSetupAsync(projectId, failed), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> IntendCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        return StoreAsync(() => _intents.IntendAsync(projectId, intent, _clock.Now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task WithdrawCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        return StoreAsync(() => _intents.WithdrawAsync(projectId, intent), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> SaveReconciliationAsync(
        string projectId, Reconciliation reconciliation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reconciliation);
        return StoreAsync(() => _reconciliations.SaveAsync(projectId, reconciliation), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> FindReplacementAsync(string projectId, CancellationToken cancellationToken)
    {
        var store = await StoreAsync(_store.ReadAsync, cancellationToken);
        if (_watch.State.Id is { } known && known != store.Id)
        {
            _watch.LookNow();
            throw new EngineUnavailableException("The store is not the one that this process knows: until silos have begun on it, nothing is taken for new.");
        }

        return store.ReplacedFor(projectId);
    }

    /// <inheritdoc/>
    public Task<bool> AcceptStoreAsync(string projectId, string by, CancellationToken cancellationToken) =>
        StoreAsync(() => _store.AcceptAsync(projectId, by), cancellationToken);

    /// <summary>
    /// Takes a connection over from another store, with its open effects. A customer who is known here is left alone, so
    /// that it can be repeated.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="ownedNumbers">The numbers that the customer was the last to prove.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>Whether it was taken over; false where the customer was known.</returns>
    public Task<bool> ImportAsync(Connection connection, IEnumerable<string> ownedNumbers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        string[] owned = [.. ownedNumbers];
        return CallAsync(connection.Key, grain => grain.ImportAsync(connection, owned), cancellationToken);
    }

    /// <summary>Takes over when the service first started, so that numbers that were adopted then are still. The earlier time counts.</summary>
    /// <param name="firstStart">When it first started on the other store.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    public Task ImportFirstStartAsync(DateTimeOffset firstStart, CancellationToken cancellationToken) =>
        StoreAsync(() => new FirstStart(_redis, _keys).MoveBackAsync(firstStart), cancellationToken);
}
