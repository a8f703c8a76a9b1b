using System.Threading.Channels;

namespace Kapso.Tests.Engines.Memory;

/// <summary>Who waits for changes of a customer.</summary>
internal sealed class Watchers
{
    private readonly Lock _lock = new();
    private readonly HashSet<Watcher> _all = [];
    private bool _closed;

    public Watcher Add(CustomerKey key)
    {
        var watcher = new Watcher(this, key);
        lock (_lock)
        {
            _all.Add(watcher);
            if (_closed)
                watcher.Changes.Writer.TryComplete();
        }

        return watcher;
    }

    public void Signal(CustomerKey key)
    {
        lock (_lock)
        {
            foreach (var watcher in _all)
            {
                if (watcher.Key == key)
                    watcher.Changes.Writer.TryWrite(true);
            }
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var watcher in _all)
                watcher.Changes.Writer.TryComplete();
        }
    }

    internal sealed class Watcher(Watchers owner, CustomerKey key) : IDisposable
    {
        public CustomerKey Key => key;

        /// <summary>One change waits at most: changes in quick succession coalesce.</summary>
        public Channel<bool> Changes { get; } =
            Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public async Task<bool> ChangedAsync(CancellationToken cancellationToken)
        {
            if (!await Changes.Reader.WaitToReadAsync(cancellationToken))
                return false;
            Changes.Reader.TryRead(out _);
            return true;
        }

        public void Dispose()
        {
            lock (owner._lock)
                owner._all.Remove(this);
        }
    }
}
