using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Redis;
using Kapso.Engines.Orleans.Sending;
using Kapso.Engines.Orleans.Sweep;

namespace Kapso.Engines.Orleans.Grains;

internal sealed partial class ConnectionGrain
{
    /// <summary>The name of the storage that keeps connections.</summary>
    internal const string StorageName = "connections";

    private readonly IPersistentState<ConnectionRecord> _record;
    private readonly ConnectionIndex _index;
    private readonly HintStore _hints;
    private readonly ErasureStore _erasures;
    private readonly EffectSender _sender;
    private readonly SentMessages _messages;
    private readonly SweptProjects _projects;
    private readonly Policies _policies;
    private readonly ReceiverWatch _receivers;
    private readonly EngineClock _clock;
    private readonly ArrivalCounter _arrivals;
    private readonly ILogger<ConnectionGrain> _logger;
    private string _grainKey = "";
    private CustomerKey _key;
    private Connection _nobody = Connection.Empty(default);
    private DueTime _due = new("");
    private Connection? _written;

    /// <summary>Why this activation answers nothing; null where it does.</summary>
    private string? _poisoned;

    private (Observation Observation, Receipt Receipt)? _lastObserved;

    /// <summary>What is to be taken out of the lists, and could not be so far.</summary>
    private readonly HashSet<IndexOperation> _owed = [];

    public ConnectionGrain(
        [PersistentState("connection", StorageName)] IPersistentState<ConnectionRecord> record,
        ConnectionIndex index,
        HintStore hints,
        ErasureStore erasures,
        EffectSender sender,
        SentMessages messages,
        SweptProjects projects,
        Policies policies,
        ReceiverWatch receivers,
        EngineClock clock,
        ArrivalCounter arrivals,
        ILogger<ConnectionGrain> logger)
    {
        (_record, _index, _hints, _erasures, _sender, _messages) = (record, index, hints, erasures, sender, messages);
        (_projects, _policies, _receivers, _clock, _arrivals, _logger) = (projects, policies, receivers, clock, arrivals, logger);
    }

    /// <summary>The time of the write that is being made.</summary>
    private DateTimeOffset Now { get; set; }

    private ConnectionPolicy Policy => _policies.Of(_key.ProjectId);

    /// <summary>The connection as last written.</summary>
    private Connection Current => _written ?? _nobody;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _grainKey = this.GetPrimaryKeyString();
        _key = GrainKey.Read(_grainKey);
        _nobody = Connection.Empty(_key);
        _due = new DueTime(DueEntry.Of(_key.CustomerId));
        _written = _record.State.Connection;
        if (_record.State.Unreadable is { } why)
        {
            _poisoned = UnreadableRecord.Failure(why);
            LogUnreadable(_key, why);
        }

        else if (_written is null)
            _nobody = _nobody with { Erasure = await FindMarkAsync() };

        Interleaving.Allow();
        await _receivers.KnowAsync(_key.ProjectId);
    }

    [LoggerMessage(1, LogLevel.Warning, "The lists are behind for {Key}; the next change or the sweep repairs them.")]
    private partial void LogBehind(Exception exception, CustomerKey key);

    [LoggerMessage(2, LogLevel.Error, "What is stored of {Key} cannot be read; it is left as it is, and what comes for it is parked: {Why}")]
    private partial void LogUnreadable(CustomerKey key, string why);
}
