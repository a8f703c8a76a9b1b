using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// Keeps what this silo knows of the company's receivers up to date: read before the first customer of a project is decided on, and again
/// within a second of a change.
/// </summary>
internal sealed partial class ReceiverWatch(
    ReceiverStore store, IOptions<EngineOptions> options, ILogger<ReceiverWatch> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Task> _read = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Completes once the project's receivers are known here.</summary>
    /// <exception cref="Exception">They cannot be read; asked again, they are read again.</exception>
    public Task KnowAsync(string projectId)
    {
        var read = _read.GetOrAdd(projectId, static (id, self) => self.ReadAsync(id), this);
        if (read.IsFaulted)
            _read.TryRemove(KeyValuePair.Create(projectId, read));
        return read;
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(ReceiverWatch),
        ServiceLifecycleStage.Active,
        starting =>
        {
            _ = Task.Run(WatchAsync, CancellationToken.None);
            return Task.CompletedTask;
        },
        stopping => _stop.CancelAsync());

    public void Dispose() => _stop.Dispose();

    private async Task WatchAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                foreach (var project in _read.Keys)
                {
                    if (await store.ReadVersionAsync(project) != options.Value.Receivers.Of(project).Version)
                        await ReadAsync(project);
                }
            }
#pragma warning disable CA1031 // Whatever it was, it is looked at again in a second.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogNotRead(exception);
            }

            await Task.Delay(BetweenLooks, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(string project) => options.Value.Receivers.Set(project, await store.ReadAsync(project));

    [LoggerMessage(1, LogLevel.Debug, "The receivers could not be looked at; they are looked at again in a second.")]
    private partial void LogNotRead(Exception exception);
}
