using System.Collections.Concurrent;
using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans.Sweep;

/// <summary>
/// Sees to it that every project of which something is kept is swept: those that are known when the silo starts, and
/// others when their first connection is about to be written, or within a minute where something else is kept first.
/// </summary>
internal sealed partial class SweptProjects(
    ConnectionIndex index, IGrainFactory grains, ILogger<SweptProjects> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Remembers the project durably and has it swept.</summary>
    public ValueTask AddAsync(string projectId) =>
        _known.ContainsKey(projectId) ? ValueTask.CompletedTask : AddNewAsync(projectId);

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(SweptProjects),
        ServiceLifecycleStage.Active,
        starting =>
        {
            _ = Task.Run(StartKnownAsync, CancellationToken.None);
            return Task.CompletedTask;
        },
        stopping => _stop.CancelAsync());

    public void Dispose() => _stop.Dispose();

    private async ValueTask AddNewAsync(string projectId)
    {
        await index.AddProjectAsync(projectId);

        // Not awaited: the sweep may be waiting for the very grain that writes.
        if (_known.TryAdd(projectId, true))
            _ = Task.Run(() => StartAsync(projectId), CancellationToken.None);
    }

    private async Task StartKnownAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var wait = BetweenAttempts;
            try
            {
                foreach (var projectId in await index.FindProjectsAsync())
                {
                    if (_known.TryAdd(projectId, true))
                        _ = Task.Run(() => StartAsync(projectId), CancellationToken.None);
                }

                wait = BetweenLooks;
            }
#pragma warning disable CA1031 // Whatever it was, effects wait until it is over.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogNotFound(exception);
            }

            await Task.Delay(wait, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StartAsync(string projectId)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<ISweepGrain>(projectId).StartAsync();
                return;
            }
#pragma warning disable CA1031 // See above.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogNotStarted(exception, projectId);
            }

            await Task.Delay(BetweenAttempts, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The projects to sweep could not be read; it is tried again.")]
    private partial void LogNotFound(Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The sweep of project {ProjectId} could not be started; it is tried again.")]
    private partial void LogNotStarted(Exception exception, string projectId);
}
