namespace Kapso.Engines.Orleans.Calls;

/// <summary>
/// The key of a customer's grain: the project's id, escaped so that it holds no slash, a slash, and the customer's id.
/// </summary>
public static class GrainKey
{
    /// <summary>The key of a customer.</summary>
    /// <exception cref="ArgumentException">One of the ids is not a <see cref="BoundedId"/>: no grain may be called for it.</exception>
    public static string Of(CustomerKey key)
    {
        if (!BoundedId.IsValid(key.ProjectId) || !BoundedId.IsValid(key.CustomerId))
            throw new ArgumentException("A project and a customer id of 1 to 128 printable characters each were expected.", nameof(key));
        return $"{Uri.EscapeDataString(key.ProjectId)}/{key.CustomerId}";
    }

    /// <summary>The customer that a key names.</summary>
    /// <exception cref="FormatException">It is no key of a customer.</exception>
    public static CustomerKey Read(string grainKey)
    {
        ArgumentNullException.ThrowIfNull(grainKey);
        var slash = grainKey.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && CustomerKey.TryCreate(Uri.UnescapeDataString(grainKey[..slash]), grainKey[(slash + 1)..], out var key)
            ? key
            : throw new FormatException($"The grain key '{grainKey}' names no customer.");
    }
}
