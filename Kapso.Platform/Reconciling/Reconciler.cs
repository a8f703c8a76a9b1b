using System.Globalization;
using System.Threading.Channels;
using Kapso.Connections.Reconciling;
using Kapso.Platform.Api;
using Kapso.Platform.Webhooks;
using Microsoft.Extensions.Logging;

namespace Kapso.Platform.Reconciling;

/// <summary>
/// Reconciles one project, again and again, as long as this process lives: at its start, at an interval, and when it is asked
/// to. Others of the cluster do the same; whoever holds the lease of the pass works at it.
/// </summary>
internal sealed partial class Reconciler(
    PassRecord record,
    PlatformClient client,
    IConnectionEngine engine,
    PassTerms terms,
    AlarmGauge gauge,
    TimeProvider time,
    ILogger<Reconciler> logger,
    WebhookKeeper? keeper = null)
{
    private static readonly TimeSpan BetweenRenewals = Passes.LeaseTime / 3;

    /// <summary>A store that took another one's place knows of no pass: what is there is looked for at once then.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(15);

    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>Where the project's reconciliation stands.</summary>
    public Task<Reconciliation> ReadAsync(CancellationToken cancellationToken) => record.ReadAsync(cancellationToken);

    /// <summary>Keeps the project's webhook at the platform; null where a person does.</summary>
    public WebhookKeeper? Keeper => keeper;

    /// <summary>Has everything compared as soon as nobody works at another pass. While a full pass runs, that is the one.</summary>
    public async Task<Reconciliation> WantFullAsync(string by, CancellationToken cancellationToken)
    {
        var wanted = await record.WantFullAsync(by, cancellationToken);
        _wishes.Writer.TryWrite(true);
        return wanted;
    }

    /// <summary>Takes a person's word that the numbers of the alarm are gone; null where there is nothing to accept.</summary>
    public async Task<Reconciliation?> AcceptGoneAsync(string by, CancellationToken cancellationToken)
    {
        if (await record.AcceptGoneAsync(by, cancellationToken) is not { GoneAccepted: { } accepted } now)
            return null;
        LogAccepted(record.ProjectId, accepted.Numbers, by);
        _wishes.Writer.TryWrite(true);
        return now;
    }

    /// <summary>
    /// Takes a person's word that the store, which took another one's place, is as it is to be: from now on, numbers that the platform's API
    /// tells of are greeted as ever. Null where there is nothing to accept.
    /// </summary>
    public async Task<Reconciliation?> AcceptStoreAsync(string by, CancellationToken cancellationToken)
    {
        if (!await record.AcceptStoreAsync(by, cancellationToken))
            return null;
        LogStoreAccepted(record.ProjectId, by);
        await LookAtStoreAsync(await record.ReadAsync(cancellationToken), cancellationToken);
        return await record.ReadAsync(cancellationToken);
    }

    /// <summary>Works until it is stopped, and then leaves its pass to others.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wait = await StepAsync(stop);
            await WaitAsync(wait, stop);
        }
    }

    /// <summary>Works at a pass, where one is due; returns how long nothing is to be done.</summary>
    internal async Task<TimeSpan> StepAsync(CancellationToken stop)
    {
        try
        {
            var known = await record.ReadAsync(stop);
            gauge.Show(record.ProjectId, known.Alarms);
            await LookAtStoreAsync(known, stop);
            if (UntilDue(known) is var wait && wait > TimeSpan.Zero)
                return wait < BetweenLooks ? wait : BetweenLooks;
            if (await record.BeginAsync(stop) is { } pass)
                await WorkAsync(pass, stop);
            return TimeSpan.Zero;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
#pragma warning disable CA1031 // Whatever it was: what was missed is looked for as long as the process lives.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogInterrupted(record.ProjectId, exception);
            return AfterFailure;
        }
    }

    /// <summary>Raises the alarm of a store that took another one's place, and takes it back once that is accepted.</summary>
    private async Task LookAtStoreAsync(Reconciliation known, CancellationToken cancellationToken)
    {
        var replacedAt = await record.FindReplacementAsync(cancellationToken);
        if (known.Alarms.Any(alarm => alarm.Kind == ReconciliationAlarmKind.StoreReplaced) == replacedAt is not null)
            return;
        var found = new Dictionary<ReconciliationAlarmKind, string>();
        if (replacedAt is { } at)
        {
            found[ReconciliationAlarmKind.StoreReplaced] = string.Create(
                CultureInfo.InvariantCulture,
                $"The store was emptied, or another one took its place, at {at.UtcDateTime:s}Z: who was greeted before is not known. Until it is accepted, numbers that are learned from the platform's API are adopted, not greeted. Restore a backup if there is one; else accept it.");
        }

        Tell(await record.AlarmAsync([ReconciliationAlarmKind.StoreReplaced], found, cancellationToken));
    }

    private TimeSpan UntilDue(Reconciliation known)
    {
        var now = time.GetUtcNow();
        if (known.Running is { } pass)
            return record.IsTaken(pass, out var until) ? until - now : TimeSpan.Zero;
        if (known.FullWanted || known.Last is not { } last || last.StartedAt < _startedAt || last.StartedAt > now)
            return TimeSpan.Zero;
        return last.StartedAt + terms.Interval - now;
    }

    private async Task WorkAsync(ReconciliationPass pass, CancellationToken stop)
    {
        LogBegun(record.ProjectId, pass.Id, pass.Full);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewing = RenewAsync(lost);
        try
        {
            await new PassRun(record, client, engine, terms, Tell, time, keeper).RunAsync(pass, lost.Token);
            if (await record.EndAsync(null, lost.Token) is { } report)
                LogDone(record.ProjectId, report.PassId, report.Counts.Listed, report.Counts.Applied, report.Counts.Adopted, report.Counts.Gone);
        }
        catch (PassGivenUpException exception)
        {
            LogGivenUp(record.ProjectId, exception.Message);
            await record.EndAsync(exception.Message, lost.Token);
        }
        catch (Exception exception) when (exception is PassLostException || (lost.IsCancellationRequested && !stop.IsCancellationRequested))
        {
            LogLost(record.ProjectId);
        }
        catch
        {
            // Stopped, or the engine is away: whoever comes next need not wait for the lease to lapse.
            await LeaveAsync();
            throw;
        }
        finally
        {
            await lost.CancelAsync();
            await renewing;
        }
    }

    /// <summary>Says again and again that the pass is being worked at; where it is not ours any more, stops the work.</summary>
    private async Task RenewAsync(CancellationTokenSource work)
    {
        while (!work.IsCancellationRequested)
        {
            await Task.Delay(BetweenRenewals, time, work.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await record.AdvanceAsync(static pass => pass, work.Token);
            }
            catch (PassLostException)
            {
                await work.CancelAsync();
            }
            catch (Exception exception) when (exception is EngineUnavailableException or OperationCanceledException)
            {
                // The work is over; or it is tried again, and the work itself finds out whether anything can be written.
            }
        }
    }

    private async Task LeaveAsync()
    {
        try
        {
            await record.LeaveAsync(CancellationToken.None);
        }
        catch (EngineUnavailableException)
        {
            // Its lease lapses.
        }
    }

    private void Tell(AlarmChange alarms)
    {
        gauge.Show(record.ProjectId, alarms.After);
        foreach (var alarm in alarms.After.Where(alarm => alarms.Before.All(before => before.Kind != alarm.Kind)))
            LogRaised(record.ProjectId, alarm.Kind, alarm.Detail);
        foreach (var alarm in alarms.Before.Where(before => alarms.After.All(alarm => alarm.Kind != before.Kind)))
            LogRepaired(record.ProjectId, alarm.Kind);
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken stop)
    {
        if (wait <= TimeSpan.Zero)
            return;
        using var enough = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, stop);
        try
        {
            await _wishes.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody asked; it is time anyway.
        }
    }
}
