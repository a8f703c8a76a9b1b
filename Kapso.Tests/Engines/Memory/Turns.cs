using System.Collections.Concurrent;

namespace Kapso.Tests.Engines.Memory;

/// <summary>One turn at a time for each customer, as a grain has it.</summary>
internal sealed class Turns
{
    private readonly ConcurrentDictionary<CustomerKey, SemaphoreSlim> _turns = new();

    public async Task<T> RunAsync<T>(CustomerKey key, Func<Task<T>> turn)
    {
        var gate = _turns.GetOrAdd(key, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync();
        try
        {
            return await turn();
        }
        finally
        {
            gate.Release();
        }
    }
}
