using Kapso.Engines.Keeping;
using Kapso.Web.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.TurnedAway;

/// <summary>
/// Tells once a minute what this process has turned away: in the log, and to the engine, so that the overview of every process shows it.
/// What the engine does not take is told to it again; a process that stops tells what is left.
/// </summary>
internal sealed partial class TurnedAwayWriter(
    TurnedAwayCounter counter, IConnectionEngine engine, WebLimits limits, TimeProvider time, ILogger<TurnedAwayWriter> logger) : BackgroundService
{
    /// <summary>The project of what is of none: no project's id is empty.</summary>
    private const string OfNone = "";

    private readonly PeriodicTimer _minutes = new(limits.TurnedAwayInterval, time);
    private readonly HashSet<TurnedAwayKind> _explained = [];
    private readonly Dictionary<string, IReadOnlyList<TurnedAwayTally>> _owed = new(StringComparer.Ordinal);

    /// <summary>What was refused for its signature, until it is known whether that is to be told: processes hear of good ones apart.</summary>
    private readonly HashSet<(string ProjectId, TurnedAwayKind Kind)> _suspected = [];

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _minutes.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _minutes.WaitForNextTickAsync(stoppingToken))
                await WriteAsync();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: see StopAsync.
        }
    }

    private async Task WriteAsync()
    {
        foreach (var (projectId, tallies) in counter.Take())
        {
            Tell(projectId, tallies);
            Owe(projectId ?? OfNone, tallies);
        }

        foreach (var (project, tallies) in _owed.ToList())
        {
            if (!await TryWriteAsync(project == OfNone ? null : project, tallies))
                return;
            _owed.Remove(project);
            _suspected.UnionWith(tallies.Where(tally => tally.Kind.IsOfSignature()).Select(tally => (project, tally.Kind)));
        }

        foreach (var project in _suspected.Select(suspected => suspected.ProjectId).Distinct().ToList())
            await TellAlarmsAsync(project);
    }

    private void Owe(string project, IReadOnlyList<TurnedAwayTally> tallies) => _owed[project] =
    [
        .. _owed.GetValueOrDefault(project, []).Concat(tallies)
            .GroupBy(tally => tally.Kind).Select(same => same.Aggregate((one, other) => one.With(other))),
    ];

    private async Task<bool> TryWriteAsync(string? projectId, IReadOnlyList<TurnedAwayTally> tallies)
    {
        using var stop = new CancellationTokenSource(limits.EngineTimeout, time);
        try
        {
            await engine.AddTurnedAwayAsync(projectId, tallies, stop.Token).WaitAsync(stop.Token);
        }
        catch (Exception exception)
        {
            // Whatever the engine throws: it was told in the log, and is written with what comes.
            NotWritten(exception.Message, exception.Unexpected());
            return false;
        }

        return true;
    }

    private async Task TellAlarmsAsync(string projectId)
    {
        using var stop = new CancellationTokenSource(limits.EngineTimeout, time);
        try
        {
            var counts = await engine.CountAsync(projectId, stop.Token).WaitAsync(stop.Token);
            foreach (var count in counts.TurnedAway.Where(count => _suspected.Contains((projectId, count.Kind))))
            {
                if (count.IsAlarming)
                    Alarm(projectId, count.Kind, TurnedAwayWords.Alarm(count, counts.LastWebhook));
                if (count.IsAlarming || count.InARow < TurnedAwayKinds.Alarming)
                    _suspected.Remove((projectId, count.Kind));
            }
        }
        catch (Exception exception)
        {
            NotWritten(exception.Message, exception.Unexpected());
        }
    }

    private void Tell(string? projectId, IReadOnlyList<TurnedAwayTally> tallies)
    {
        var what = string.Join("; ", tallies.Select(TurnedAwayWords.Of));
        if (projectId is null)
            TurnedAwayOfNone(what);
        else
            TurnedAwayOf(projectId, what);

        // What it means is said once: a line a minute is enough of the figures.
        foreach (var kind in tallies.Select(tally => tally.Kind).Where(_explained.Add))
            Explanation(TurnedAwayWords.Of(kind), TurnedAwayWords.Advice(kind));
    }
}
