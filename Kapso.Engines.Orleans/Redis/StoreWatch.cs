using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// Looks at the store behind this process: before anything else is done with it, and again every few seconds. Whether it can be used at
/// all, whether it keeps what it acknowledges, and whether it is still the same one.
/// </summary>
internal abstract partial class StoreWatch(
    RedisAdmission admission,
    StoreIdentity identity,
    IConnectionMultiplexer redis,
    StoreKeys keys,
    EngineClock clock,
    ProcessFailure failure,
    bool acceptsWeakerDurability,
    ILogger logger) : IDisposable
{
    /// <summary>After this long every process has heard of what was changed in <see cref="StoreKeys.Store"/>.</summary>
    public static readonly TimeSpan Heard = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _news = new(0);
    private volatile StoreState _state = new(null, null, []);
    private DurabilityDoubt? _doubt;
    private bool _started;
    private bool _subscribed;
    private bool _toldReplaced;

    /// <summary>Completes once the store can be used; never, where this process cannot use it.</summary>
    public Task Opened => _opened.Task;

    /// <summary>What is known of the store.</summary>
    public StoreState State => _state;

    /// <summary>Why nothing should be sent to this process as long as it is so; null where nothing is known to be wrong.</summary>
    public string? Problem { get; protected set; }

    /// <summary>Whether a process is ready in spite of the doubt.</summary>
    public bool Accepts(DurabilityDoubt? doubt) => doubt is not { IsCertain: true } || acceptsWeakerDurability;

    /// <summary>What the process does where its store is not the one any more that it knew.</summary>
    /// <param name="known">The id of the store that it knew.</param>
    /// <param name="seen">The store that is there instead.</param>
    /// <returns>Whether the process can work on what is there now.</returns>
    protected abstract Task<bool> ReplacedAsync(string known, StoreState seen);

    /// <summary>Called once, when the store can be used, before its state is read.</summary>
    protected virtual Task OpenAsync() => Task.CompletedTask;

    /// <summary>Called where the store is the one again that this process knows, after it was not.</summary>
    protected virtual void SameAgain() => Problem = null;

    /// <summary>Whether the store has not been looked at yet.</summary>
    public bool IsOpening => _started && !Opened.IsCompleted;

    /// <summary>Begins; again, it does nothing.</summary>
    public void Start()
    {
        if (!Interlocked.Exchange(ref _started, true))
            _ = Task.Run(WatchAsync);
    }

    public void Dispose()
    {
        // Not disposed of: others may still tell of news, and nothing of the system is held.
        _stop.Cancel();
        GC.SuppressFinalize(this);
    }

    private async Task WatchAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!Opened.IsCompleted && !await TryOpenAsync())
                    return;
                await LookAsync();
                _opened.TrySetResult();
            }
            catch (RedisServerException exception) when (!Opened.IsCompleted)
            {
                LogNotYet(logger, exception.Message);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // That Redis is away is told elsewhere, and by the process's health.
            }
            catch (ObjectDisposedException)
            {
                return; // The process ends.
            }
#pragma warning disable CA1031 // Whatever it was, it is looked again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogNotSeen(logger, exception);
            }

            try
            {
                await _news.WaitAsync(Opened.IsCompleted ? BetweenLooks : BetweenTries, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<bool> TryOpenAsync()
    {
        if (await admission.FindRefusalAsync(clock.Now, UseAsync) is { } refusal)
        {
            failure.Report(refusal);
            return false;
        }

        return true;
    }

    private async Task UseAsync()
    {
        if (!_subscribed)
            await redis.GetSubscriber().SubscribeAsync(keys.StoreChanged, (_, _) => LookNow());
        _subscribed = true;
        await OpenAsync();
    }

    /// <summary>Has the store looked at without waiting. What is said while nobody hears it is found by the next look.</summary>
    public void LookNow()
    {
        if (!_stop.IsCancellationRequested && _news.CurrentCount == 0)
            _news.Release();
    }

    private async Task LookAsync()
    {
        TellDurability(await RedisDurability.FindDoubtAsync(redis));
        var seen = await identity.ReadAsync();
        if (_state.Id is { } known && known != seen.Id)
        {
            var marked = await identity.MarkReplacedAsync(known, clock.Now);
            seen = await identity.ReadAsync();
            if (marked && !await ReplacedAsync(known, seen))
                return;
        }
        else if (Problem is not null)
        {
            SameAgain();
        }

        _state = seen;
        if (seen.ReplacedAt is { } at && !Interlocked.Exchange(ref _toldReplaced, true))
            LogReplaced(logger, at.UtcDateTime);
    }

    private void TellDurability(DurabilityDoubt? doubt)
    {
        if (doubt == _doubt)
            return;
        switch (doubt)
        {
            case { IsCertain: true } when acceptsWeakerDurability:
                LogNotDurable(logger, doubt.Sentence, "It is accepted (Kapso:Redis:AcceptWeakerDurability).");
                break;
            case { IsCertain: true }:
                LogNotDurable(logger, doubt.Sentence, "Until then this process is not ready; Kapso:Redis:AcceptWeakerDurability=true has it work all the same.");
                break;
            case { } uncertain:
                LogPerhapsNotDurable(logger, uncertain.Sentence);
                break;
            default:
                LogDurable(logger);
                break;
        }

        _doubt = doubt;
    }

    [LoggerMessage(1, LogLevel.Critical, "Connections and welcomes can be lost: {Problem} {Meanwhile}")]
    private static partial void LogNotDurable(ILogger logger, string problem, string meanwhile);

    [LoggerMessage(2, LogLevel.Warning, "It is not known whether connections and welcomes can be lost: {Doubt}")]
    private static partial void LogPerhapsNotDurable(ILogger logger, string doubt);

    [LoggerMessage(3, LogLevel.Information, "Redis keeps what it acknowledges.")]
    private static partial void LogDurable(ILogger logger);

    [LoggerMessage(4, LogLevel.Warning, "Redis cannot be worked with yet; it is waited for: {Why}")]
    private static partial void LogNotYet(ILogger logger, string why);

    [LoggerMessage(6, LogLevel.Warning, "The store could not be looked at; it is tried again.")]
    private static partial void LogNotSeen(ILogger logger, Exception exception);

    [LoggerMessage(
        5,
        LogLevel.Warning,
        "The store took the place of another one at {At:s}Z, under running processes. Until a person accepts that for a project, numbers that are learned from the platform's API are adopted, not greeted.")]
    private static partial void LogReplaced(ILogger logger, DateTime at);
}
