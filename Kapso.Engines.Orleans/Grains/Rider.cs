namespace Kapso.Engines.Orleans.Grains;

/// <summary>A call that waits for its place in a write.</summary>
/// <param name="found">The due entry that the sweep came with; null where something else came.</param>
internal abstract class Rider(string? found)
{
    /// <summary>The due entry that the sweep came with; null where something else came.</summary>
    public string? Found => found;

    /// <summary>The number that its decision proved to be the customer's, if that changed anything.</summary>
    public string? ProvenNumber { get; protected set; }

    /// <summary>Decides what becomes of the connection. A decision that fails changes nothing, and fails this call alone.</summary>
    public abstract Connection Decide(Connection connection, string? previousOwner = null);

    /// <summary>Answers the call: the connection is durable as it is given.</summary>
    public abstract void Answer(Connection written);

    /// <summary>Fails the call, unless it is answered.</summary>
    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
/// <typeparam name="T">What the call answers.</typeparam>
internal sealed class Rider<T>(Decide<T> decide, string? found) : Rider(found)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<Connection, T>? _result;

    public Task<T> Answered => _answer.Task;

    public override Connection Decide(Connection connection, string? previousOwner = null)
    {
        try
        {
            var change = decide(connection, previousOwner);
            _result = change.Result;
            ProvenNumber = ReferenceEquals(change.Connection, connection) ? null : change.ProvenNumber;
            return change.Connection;
        }
#pragma warning disable CA1031 // Whatever it is, others wait for the write that this call was to share.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
            return connection;
        }
    }

    public override void Answer(Connection written)
    {
        if (_result is not null)
            _answer.TrySetResult(_result(written));
    }

    public override void Fail(Exception exception) => _answer.TrySetException(exception);
}
