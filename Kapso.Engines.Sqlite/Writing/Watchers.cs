using System.Threading.Channels;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>Who follows which connection. A follower who is slow sees the latest only.</summary>
internal sealed class Watchers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CustomerKey, List<Channel<Connection>>> _channels = [];
    private bool _closed;

    public Channel<Connection> Add(CustomerKey key)
    {
        var channel = Channel.CreateBounded<Connection>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_lock)
        {
            if (_closed)
                channel.Writer.TryComplete();
            else if (_channels.TryGetValue(key, out var channels))
                channels.Add(channel);
            else
                _channels.Add(key, [channel]);
        }

        return channel;
    }

    public void Remove(CustomerKey key, Channel<Connection> channel)
    {
        lock (_lock)
        {
            if (_channels.TryGetValue(key, out var channels) && channels.Remove(channel) && channels.Count == 0)
                _channels.Remove(key);
        }
    }

    public void Publish(Connection connection)
    {
        lock (_lock)
        {
            if (!_channels.TryGetValue(connection.Key, out var channels))
                return;
            foreach (var channel in channels)
                channel.Writer.TryWrite(connection);
        }
    }

    /// <summary>Ends every watch.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var channel in _channels.Values.SelectMany(channels => channels))
                channel.Writer.TryComplete();
            _channels.Clear();
        }
    }
}
