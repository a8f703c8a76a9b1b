using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kapso.Connections.Outbox;

/// <summary>
/// Ids of effects: functions of what they are about, so that deciding the same thing again yields the same id. They go
/// out as <c>webhook-id</c> and into URLs: a prefix and 128 bits in lower-case hex.
/// </summary>
public static class EffectIds
{
    /// <summary>The welcome of a customer and number: one for ever.</summary>
    public static string Welcome(CustomerKey key, string phoneNumberId) => Make("wel", key, phoneNumberId);

    /// <summary>The notify with this number in the connection's sequence.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="sequence">The number.</param>
    /// <param name="receiver">Whom it tells; null for the default receiver.</param>
    public static string Notify(CustomerKey key, long sequence, string? receiver = null) =>
        Make("ntf", key, receiver is null ? Text(sequence) : $"{Text(sequence)}\0{receiver}");

    /// <summary>The confirm with this number among the connection's confirms.</summary>
    public static string Confirm(CustomerKey key, string phoneNumberId, long confirms) =>
        Make("cfm", key, $"{phoneNumberId}\0{Text(confirms)}");

    /// <summary>Telling the previous owner of a number, for the proof with this version.</summary>
    public static string Release(CustomerKey key, string phoneNumberId, int proofVersion) =>
        Make("rel", key, $"{phoneNumberId}\0{Text(proofVersion)}");

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    // Ids hold no control characters (BoundedId), so NUL separates them without ambiguity.
    private static string Make(string prefix, CustomerKey key, string subject)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{prefix}\0{key.ProjectId}\0{key.CustomerId}\0{subject}"), hash);
        return $"{prefix}_{Convert.ToHexStringLower(hash[..16])}";
    }
}
