using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kapso.Connections.Storage;
using Kapso.Engines.Orleans.Calls;

namespace Kapso.Engines.Orleans;

public sealed partial class ClusterEngine
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<Connection> WatchAsync(
        CustomerKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One change waits at most: changes in quick succession coalesce.
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var channel = _keys.Changed(GrainKey.Of(key));
        var subscriber = _redis.GetSubscriber();
        var queue = await StoreAsync(() => subscriber.SubscribeAsync(channel), cancellationToken);
        try
        {
            // Followed before it is read, so that no change falls between the two.
            queue.OnMessage(_ => changes.Writer.TryWrite(true));
            byte[]? last = null;
            while (true)
            {
                if (await TryFindAsync(key, cancellationToken) is { } connection
                    && ConnectionJson.Write(connection) is var written && !written.AsSpan().SequenceEqual(last))
                {
                    last = written;
                    yield return connection;
                }

                await WaitAsync(changes.Reader, cancellationToken);
            }
        }
        finally
        {
            await queue.UnsubscribeAsync(StackExchange.Redis.CommandFlags.FireAndForget);
        }
    }

    /// <summary>Nothing, while the cluster does not answer: whoever watches goes on when it does.</summary>
    private async Task<Connection?> TryFindAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(key, cancellationToken);
        }
        catch (EngineUnavailableException exception)
        {
            LogNotSeen(exception);
            return null;
        }
    }

    private async Task WaitAsync(ChannelReader<bool> changes, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(_options.WatchInterval);
        try
        {
            await changes.ReadAsync(stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody said that it changed; it is read again all the same.
        }
    }

    [Microsoft.Extensions.Logging.LoggerMessage(
        2, Microsoft.Extensions.Logging.LogLevel.Debug, "A connection that is watched could not be read; it is tried again.")]
    private partial void LogNotSeen(Exception exception);
}
