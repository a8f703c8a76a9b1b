using System.Diagnostics;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>One write that waits for the writer. It is decided in a batch, and answered only after the batch's commit.</summary>
internal abstract class WriteItem
{
    /// <summary>When it began to wait.</summary>
    public long QueuedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary>About how many bytes it adds to the transaction.</summary>
    public abstract int Size { get; }

    /// <summary>Whether nobody waits for it any more, so that it need not be written.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>Decides it. Runs again, in another batch, where the first batch could not be written.</summary>
    public abstract void Apply(Batch batch);

    /// <summary>It is durable, or was abandoned.</summary>
    public abstract void Complete();

    /// <summary>It could not be made durable.</summary>
    public abstract void Fail(EngineUnavailableException exception);
}

/// <summary>A write with a result.</summary>
internal sealed class WriteItem<T> : WriteItem
{
    private readonly Func<Batch, T> _write;
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancellation;
    private T? _result;
    private bool _applied;

    public WriteItem(Func<Batch, T> write, int size, CancellationToken cancellationToken)
    {
        (_write, Size) = (write, size);
        _cancellation = cancellationToken.UnsafeRegister(
            static (source, token) => ((TaskCompletionSource<T>)source!).TrySetCanceled(token), _source);
    }

    /// <summary>Ends when it is durable or failed, or as soon as nobody wants to wait any more; it may be written even then.</summary>
    public Task<T> Task => _source.Task;

    public override int Size { get; }

    public override bool IsAbandoned => !_applied && _source.Task.IsCanceled;

    public override void Apply(Batch batch)
    {
        _applied = true;
        _result = _write(batch);
    }

    public override void Complete()
    {
        _cancellation.Unregister();
        if (_applied)
            _source.TrySetResult(_result!);
    }

    public override void Fail(EngineUnavailableException exception)
    {
        _cancellation.Unregister();
        _source.TrySetException(exception);
    }
}

/// <summary>Nothing to write: makes the writer look for due effects.</summary>
internal sealed class Nudge : WriteItem
{
    public override int Size => 0;

    public override bool IsAbandoned => true;

    public override void Apply(Batch batch)
    {
    }

    public override void Complete()
    {
    }

    public override void Fail(EngineUnavailableException exception)
    {
    }
}
