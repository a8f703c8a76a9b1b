using Kapso.Platform.Customers;

namespace Kapso.Web.Management;

/// <summary>What was erased of a customer, and what is remembered.</summary>
/// <param name="Hash">Stands for the customer in the audit.</param>
/// <param name="ErasedAt">When a connection of the customer's was last erased.</param>
/// <param name="CompletedAt">When all was done; null where something is still to be done, which goes on by itself.</param>
/// <param name="Platform">What became of the customer at the platform by this request; null where none is told of.</param>
/// <param name="Erased">What was erased, over all erasures of the customer.</param>
/// <param name="Remembered">What is remembered of the customer: hashes alone, by a key that only this store has.</param>
/// <param name="Remains">What of the erased bytes the store's files still have, and what to do; null where nothing is known to be left. Backups and replicas are not looked at.</param>
public sealed record ErasureView(
    string Hash,
    DateTimeOffset ErasedAt,
    DateTimeOffset? CompletedAt,
    PlatformErasure? Platform,
    ErasedCounts Erased,
    RememberedView Remembered,
    string? Remains)
{
    internal static ErasureView Of(Erasure erasure, PlatformErasure? platform) => new(
        erasure.Hash, erasure.Mark.At, erasure.CompletedAt, platform, erasure.Counts,
        new(erasure.Mark.Numbers.Length, erasure.Mark.Deliveries.Length), erasure.Remains);
}

/// <summary>What is remembered of an erased customer.</summary>
/// <param name="Numbers">Hashes of numbers, none of which is greeted again.</param>
/// <param name="Deliveries">Hashes of deliveries, a copy of which is no news.</param>
public sealed record RememberedView(int Numbers, int Deliveries);
