namespace Kapso.Testing.Contract;

/// <summary>The outside world: remembers what was sent, and answers as the test says.</summary>
public sealed class RecordingRunner(EffectKind kind) : IEffectRunner
{
    private readonly Lock _lock = new();
    private readonly List<ClaimedEffect> _calls = [];

    /// <inheritdoc/>
    public EffectKind Kind => kind;

    /// <summary>What it answers. Default: done.</summary>
    public Func<ClaimedEffect, Task<EffectResult>> Answer { get; set; } = _ => Task.FromResult(EffectResult.Done);

    /// <summary>What was sent, in order.</summary>
    public IReadOnlyList<ClaimedEffect> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    /// <summary>What was sent for a customer, in order.</summary>
    public IReadOnlyList<Effect> CallsFor(CustomerKey key) =>
        [.. Calls.Where(call => call.Key == key).Select(call => call.Effect)];

    /// <inheritdoc/>
    public Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken)
    {
        lock (_lock)
            _calls.Add(claimed);
        return Answer(claimed).WaitAsync(cancellationToken);
    }
}
