using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Redis;
using Orleans.Placement;

namespace Kapso.Engines.Orleans.Sweep;

/// <summary>
/// Wakes the customers of one project whose effects are due. A timer does so every second; a reminder brings the grain back
/// on another silo when its own has died. Its first pass looks at every entry, due or not: what a crash left is taken up,
/// and a clock that was set back leaves nothing behind. Beside that it takes out what is kept for a time only.
/// </summary>
[GrainType("sweep")]
[PreferLocalPlacement]
internal sealed partial class SweepGrain(
    ConnectionIndex index, Retention retention, EngineClock clock, ILogger<SweepGrain> logger)
    : Grain, ISweepGrain, IRemindable
{
    private const string Reminder = "sweep";

    /// <summary>Customers woken at a time.</summary>
    private const int Parallelism = 64;

    /// <summary>Entries read at a time, beyond those whose customers cannot be woken.</summary>
    private const int PageSize = 512;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenPruning = TimeSpan.FromHours(1);
    private static readonly TimeSpan BetweenFailedPruning = TimeSpan.FromMinutes(1);

    /// <summary>Entries of the first pass whose customers could not be woken: they may not be due for long.</summary>
    private readonly HashSet<string> _owed = new(StringComparer.Ordinal);

    private SetAsideCustomers _aside = null!;
    private LinkTidying _links = null!;
    private WordAdding _words = null!;
    private Task _tidying = Task.CompletedTask;
    private DateTimeOffset? _prunedAt;
    private TimeSpan _untilPruning;
    private bool _sweptAll;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _aside = new SetAsideCustomers(ProjectId, clock, logger);
        _links = new LinkTidying(ProjectId, index, GrainFactory, clock, logger);
        _words = new WordAdding(ProjectId, index, GrainFactory, clock, logger);
        this.RegisterGrainTimer(SweepByTimerAsync, new GrainTimerCreationOptions(Period, Period) { KeepAlive = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync() => this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);

    /// <summary>Being called has made it active: the timer does the rest.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task SweepAsync()
    {
        await TakeUpAsync();
        await WakeDueAsync();
        _aside.Forget();
        await PruneAsync();

        // Not awaited: what is due does not wait for it.
        if (_tidying.IsCompleted)
            _tidying = TidyIndexAsync();
    }

    private string ProjectId => this.GetPrimaryKeyString();

    /// <summary>Looks at every entry once, and again at those whose customers could not be woken then.</summary>
    private async Task TakeUpAsync()
    {
        if (!_sweptAll)
        {
            await foreach (var entries in index.FindAllAsync(ProjectId, Parallelism))
                _owed.UnionWith(await WakeAsync(entries));
            _sweptAll = true;
        }
        else if (_owed.Count > 0)
        {
            DueEntry[] owed = [.. _owed.Select(DueEntry.Read).Where(entry => !_aside.Has(entry.CustomerId)).Take(Parallelism)];
            _owed.ExceptWith(owed.Select(entry => entry.Text).Except(await WakeAsync(owed)));
        }
    }

    /// <summary>
    /// Wakes those that are due. An entry that stays due (its customer's silo has just died, say) is left to a later pass, and
    /// the next page is read beyond it.
    /// </summary>
    private async Task WakeDueAsync()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var left = 0;
        while (true)
        {
            var limit = PageSize + left;
            var due = await index.FindDueAsync(ProjectId, clock.Now, limit);
            var news = due.Where(entry => seen.Add(entry.Text)).ToList();
            var awake = news.Where(entry => !_aside.Has(entry.CustomerId)).ToList();
            left += news.Count - awake.Count;
            foreach (var entries in awake.Chunk(Parallelism))
                left += (await WakeAsync(entries)).Count;
            if (news.Count == 0 || due.Count < limit)
                return;
        }
    }

    private async Task PruneAsync()
    {
        var now = clock.Now;
        if (_prunedAt is { } last && now >= last && now - last < _untilPruning)
            return;
        _prunedAt = now;
        try
        {
            await retention.PruneAsync(ProjectId);
            _untilPruning = BetweenPruning;
        }
#pragma warning disable CA1031 // Nothing but room hangs on it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _untilPruning = BetweenFailedPruning;
            LogNotPruned(exception, ProjectId);
        }
    }

    private async Task TidyIndexAsync()
    {
        try
        {
            await _links.ContinueAsync();
            await _words.ContinueAsync();
        }
#pragma warning disable CA1031 // The next pass begins again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotTidied(exception, ProjectId);
        }
    }

    private async Task SweepByTimerAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync();
        }
#pragma warning disable CA1031 // The next tick tries again, whatever it was.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotSwept(exception, ProjectId);
        }
    }

    /// <summary>Wakes the customers of these entries side by side, and returns the entries for which that failed.</summary>
    private async Task<IReadOnlyList<string>> WakeAsync(IReadOnlyList<DueEntry> entries)
    {
        var woken = await Task.WhenAll(entries.Select(TryWakeAsync));
        return [.. entries.Where((_, i) => !woken[i]).Select(entry => entry.Text)];
    }

    private async Task<bool> TryWakeAsync(DueEntry entry)
    {
        try
        {
            await GrainFactory.GetGrain<IConnectionGrain>(GrainKey.Of(new CustomerKey(ProjectId, entry.CustomerId)))
                .WakeAsync(entry.Text);
            _aside.Woken(entry.CustomerId);
            return true;
        }
#pragma warning disable CA1031 // Its entry is still there: a later pass finds it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _aside.Failed(entry.CustomerId, exception);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The due effects of project {ProjectId} could not be looked for; it is tried again.")]
    private partial void LogNotSwept(Exception exception, string projectId);

    [LoggerMessage(3, LogLevel.Warning, "What project {ProjectId} keeps for a time only could not be pruned; it is tried again in a minute.")]
    private partial void LogNotPruned(Exception exception, string projectId);

    [LoggerMessage(4, LogLevel.Debug, "The index of project {ProjectId} could not be looked through; it is tried again.")]
    private partial void LogNotTidied(Exception exception, string projectId);
}
