using Kapso.Connections.Webhooks;

namespace Kapso.Web.Webhooks;

/// <summary>
/// The numbers that parked deliveries wait for. They are in the bodies, of which there may be a gigabyte: each is read once in
/// the life of this process, and then only what it waits for is kept, for as long as it waits.
/// </summary>
internal sealed class AwaitedNumbers(IConnectionEngine engine)
{
    private readonly Dictionary<(string ProjectId, string Id), Awaited[]?> _known = [];

    /// <summary>The numbers for which the delivery names no customer; null where it cannot be folded in as it is.</summary>
    public async ValueTask<IReadOnlyList<Awaited>?> FindAsync(ParkedHead parked, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((parked.ProjectId, parked.Id), out var known))
            return known;
        if (await engine.FindParkedAsync(parked.ProjectId, parked.Id, cancellationToken) is not { } delivery)
            return null;
        Awaited[]? numbers = delivery.Read() is WebhookReading.Observations observations
            ?
            [
                .. observations.Items.Where(item => item.CustomerId is null)
                    .Select(item => new Awaited(item.Observation.PhoneNumberId!, item.Observation.Kind != ObservationKind.AccountChanged))
                    .Distinct(),
            ]
            : null;
        _known[(parked.ProjectId, parked.Id)] = numbers;
        return numbers;
    }

    /// <summary>Numbers that were known when the delivery was replayed: what it says of them is folded in, or is left to a person.</summary>
    public void Forget(ParkedHead parked, IReadOnlyCollection<string> numbers)
    {
        if (_known.GetValueOrDefault((parked.ProjectId, parked.Id)) is { } awaited)
            _known[(parked.ProjectId, parked.Id)] = [.. awaited.Where(one => !numbers.Contains(one.PhoneNumberId))];
    }

    /// <summary>Forgets the project's deliveries that wait no more.</summary>
    public void Keep(string projectId, HashSet<string> waiting)
    {
        foreach (var key in _known.Keys)
        {
            if (key.ProjectId == projectId && !waiting.Contains(key.Id))
                _known.Remove(key);
        }
    }
}

/// <summary>A number that a delivery waits for.</summary>
/// <param name="PhoneNumberId">The number.</param>
/// <param name="MayAsk">Whether the platform can be asked whose it is: the delivery itself makes it known then.</param>
internal sealed record Awaited(string PhoneNumberId, bool MayAsk);
