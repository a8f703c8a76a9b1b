namespace Kapso.Connections.Outbox;

/// <summary>
/// The receivers for whom a notify came up that is not settled, while an outbox is gone through from its beginning: notifies go in order
/// for each of them.
/// </summary>
public struct ReceiversAhead
{
    private bool _default;
    private HashSet<string>? _others;

    /// <summary>Notes a notify that is not settled.</summary>
    /// <param name="effect">The notify.</param>
    /// <returns>Whether it is its receiver's first: the others wait for that one.</returns>
    public bool IsFirst(Effect effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        if (effect.Receiver is { } other)
            return (_others ??= new HashSet<string>(StringComparer.Ordinal)).Add(other);
        (var known, _default) = (_default, true);
        return !known;
    }
}
