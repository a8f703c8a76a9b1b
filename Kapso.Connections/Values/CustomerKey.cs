using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Kapso.Connections.Values;

/// <summary>Names one customer of one project. Both parts are bounded before they become a key.</summary>
/// <param name="ProjectId">The Kapso project's id.</param>
/// <param name="CustomerId">The Kapso customer's id.</param>
public readonly record struct CustomerKey(
    [property: JsonPropertyName("p")] string ProjectId,
    [property: JsonPropertyName("c")] string CustomerId)
{
    /// <summary>Makes a key of two ids, unless one of them is not a <see cref="BoundedId"/>.</summary>
    public static bool TryCreate(
        [NotNullWhen(true)] string? projectId, [NotNullWhen(true)] string? customerId, out CustomerKey key)
    {
        if (BoundedId.IsValid(projectId) && BoundedId.IsValid(customerId))
        {
            key = new CustomerKey(projectId, customerId);
            return true;
        }

        key = default;
        return false;
    }

    /// <summary>By the customer alone: hardly two projects have one of the same id.</summary>
    public override int GetHashCode() => string.GetHashCode(CustomerId);

    /// <inheritdoc/>
    public override string ToString() => $"{ProjectId}/{CustomerId}";
}
