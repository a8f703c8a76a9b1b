namespace Kapso.Engines.Contract;

/// <summary>Keeps authentic deliveries that could not be folded in. Part of <see cref="IConnectionEngine"/>, whose rules hold for it.</summary>
public interface IParkedDeliveries
{
    /// <summary>Keeps a delivery durably. Repeating the same id changes nothing.</summary>
    Task ParkAsync(ParkedDelivery delivery, CancellationToken cancellationToken);

    /// <summary>Parked deliveries that wait, oldest first, without their bodies: none is read for it.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="cursor">Where the last page ended, or null.</param>
    /// <param name="limit">Rows wanted, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    Task<Page<ParkedHead>> ListParkedAsync(
        string projectId, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>One parked delivery with its body, waiting or resolved; null where it is not (any more) kept.</summary>
    Task<ParkedDelivery?> FindParkedAsync(string projectId, string id, CancellationToken cancellationToken);

    /// <summary>Marks a waiting delivery as replayed or discarded. Returns it as it is now, or null where it is not kept.</summary>
    Task<ParkedDelivery?> ResolveParkedAsync(
        string projectId, string id, ParkedStatus status, CancellationToken cancellationToken);
}
