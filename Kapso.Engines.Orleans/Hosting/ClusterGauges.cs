using System.Diagnostics.Metrics;
using Kapso.Engines.Orleans.Redis;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>
/// The gauges <c>kapso.outbox</c> and <c>kapso.parked</c>: what waits in the whole cluster, read now and then. Every silo
/// shows the same, so that the largest counts and not the sum.
/// </summary>
internal sealed class ClusterGauges(StoreHealth store) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(10);

    private readonly Meter _meter = new(KapsoTelemetry.Name);
    private readonly CancellationTokenSource _stop = new();
    private long _outbox;
    private long _parked;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(ClusterGauges),
        ServiceLifecycleStage.Active,
        starting =>
        {
            _meter.CreateObservableGauge(
                "kapso.outbox", () => Interlocked.Read(ref _outbox), "{effect}", "Effects pending or in flight.");
            _meter.CreateObservableGauge(
                "kapso.parked", () => Interlocked.Read(ref _parked), "{delivery}", "Parked deliveries that wait.");
            _ = Task.Run(ReadAsync, CancellationToken.None);
            return Task.CompletedTask;
        },
        stopping => _stop.CancelAsync());

    public void Dispose()
    {
        _meter.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var (waiting, _, parked) = await store.ReadTotalsAsync();
                Interlocked.Exchange(ref _outbox, waiting);
                Interlocked.Exchange(ref _parked, parked);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // The gauges stay as they were; that Redis is away is told elsewhere.
            }

            await Task.Delay(BetweenReads, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
