using Kapso.Engines.Orleans.Calls;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans;

public sealed partial class ClusterEngine
{
    private const int Attempts = 2;

    /// <summary>
    /// Calls a customer's grain; once more, if that failed: a grain that could not write has ended, and the next call
    /// reaches one that has read what is stored.
    /// </summary>
    private async Task<T> CallAsync<T>(
        CustomerKey key, Func<IConnectionGrain, Task<T>> call, CancellationToken cancellationToken)
    {
        var grainKey = GrainKey.Of(key);
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (attempt > 1)
                    RepeatedCall.Mark();

                // Fails as well, where no silo was ever there.
                var grain = _grains.Get(grainKey);
                return await call(grain).WaitAsync(_options.CallTimeout, cancellationToken);
            }
#pragma warning disable CA1031 // A call fails in as many ways as a cluster has: none of them says whether it was written.
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (attempt == Attempts)
                    throw new EngineUnavailableException("The cluster did not answer as it should: " + exception.Message, exception);
            }
        }
    }

    private static Task<bool> StoreAsync(Func<Task> action, CancellationToken cancellationToken) => StoreAsync(
        async () =>
        {
            await action();
            return true;
        },
        cancellationToken);

    private static async Task<T> StoreAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new EngineUnavailableException("Redis did not answer as it should: " + exception.Message, exception);
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "An event that is not ours could not be counted.")]
    private partial void LogNotCounted(Exception exception);
}
