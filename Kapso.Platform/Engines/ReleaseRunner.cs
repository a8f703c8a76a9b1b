using Kapso.Connections;
using Kapso.Connections.Engine;

namespace Kapso.Platform.Engines;

/// <summary>Tells the customer who had a number before that it is claimed elsewhere. The engine does this itself.</summary>
internal sealed class ReleaseRunner(
    Func<CustomerKey, Observation, CancellationToken, Task<Receipt>> observe, TimeProvider time) : IEffectRunner
{
    /// <summary>The timeline's name for the news that another customer has proven to own a number.</summary>
    public const string ClaimedElsewhere = "number.claimed_elsewhere";

    public EffectKind Kind => EffectKind.Release;

    public async Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken)
    {
        var effect = claimed.Effect;
        if (effect.Detail is not { } previousOwner || effect.PhoneNumberId is null)
            return EffectResult.Dead("It names no previous owner.");

        var observation = new Observation
        {
            Kind = ObservationKind.ClaimedElsewhere,
            Source = Source.Service,
            Event = ClaimedElsewhere,
            PhoneNumberId = effect.PhoneNumberId,
            ReceivedAt = time.GetUtcNow(),
            TraceParent = effect.TraceParent,
        };
        await observe(new CustomerKey(claimed.Key.ProjectId, previousOwner), observation, cancellationToken);
        return EffectResult.Done;
    }
}
