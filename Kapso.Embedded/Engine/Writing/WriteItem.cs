using System.Diagnostics;
using Kapso.Connections.Engine;

namespace Kapso.Embedded.Engine.Writing;

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
internal sealed class WriteItem<T>(Func<Batch, T> write, int size, CancellationToken cancellationToken) : WriteItem
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private bool _applied;

    public Task<T> Task => _source.Task;

    public override int Size => size;

    public override bool IsAbandoned => !_applied && cancellationToken.IsCancellationRequested;

    public override void Apply(Batch batch)
    {
        _applied = true;
        _result = write(batch);
    }

    public override void Complete()
    {
        if (_applied)
            _source.TrySetResult(_result!);
        else
            _source.TrySetCanceled(cancellationToken);
    }

    public override void Fail(EngineUnavailableException exception) => _source.TrySetException(exception);
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
