using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// Writes the tails of all grains of this silo, those that wait together: while one write is under way, the next gathers.
/// </summary>
internal sealed class TailWriter([FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys)
{
    /// <summary>Most customers in one write: it blocks the store for about a millisecond.</summary>
    private const int MaxTails = 256;

    private readonly Lock _lock = new();
    private List<(string Project, IndexTail Tail)> _waiting = [];
    private TaskCompletionSource _next = NewWrite();
    private bool _writing;

    /// <summary>Hands a tail in. Completes when it is written; faults where it could not be.</summary>
    public Task WriteAsync(string project, IndexTail tail)
    {
        lock (_lock)
        {
            _waiting.Add((project, tail));
            if (!_writing)
            {
                _writing = true;
                _ = Task.Run(WriteAllAsync);
            }

            return _next.Task;
        }
    }

    private static TaskCompletionSource NewWrite() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAllAsync()
    {
        while (true)
        {
            List<(string Project, IndexTail Tail)> tails;
            TaskCompletionSource written;
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    _writing = false;
                    return;
                }

                (tails, _waiting) = (_waiting, []);
                (written, _next) = (_next, NewWrite());
            }

            try
            {
                await Task.WhenAll(tails.GroupBy(tail => tail.Project, StringComparer.Ordinal).SelectMany(WriteProject));
                written.SetResult();
            }
#pragma warning disable CA1031 // Whatever it was, the grains that wait are told, and the sweep repairs it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                written.SetException(exception);
                _ = written.Task.Exception; // Not every grain waits.
            }
        }
    }

    private IEnumerable<Task> WriteProject(IGrouping<string, (string Project, IndexTail Tail)> tails)
    {
        var names = keys.OfConnections(tails.Key);
        foreach (var chunk in tails.Chunk(MaxTails))
        {
            var arguments = new List<RedisValue>(1 + (chunk.Length * 6)) { tails.Key };
            foreach (var (_, tail) in chunk)
                tail.AddTo(arguments);
            yield return redis.GetDatabase().ScriptEvaluateAsync(TailScript.Lua, names, [.. arguments]);
        }
    }
}
