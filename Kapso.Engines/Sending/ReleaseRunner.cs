namespace Kapso.Engines.Sending;

/// <summary>Tells the customer who had a number before that it is claimed elsewhere. The engine does this itself.</summary>
internal sealed class ReleaseRunner(Func<CustomerKey, Observation, CancellationToken, Task> observe) : IEffectRunner
{
    public EffectKind Kind => EffectKind.Release;

    public async Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken)
    {
        var effect = claimed.Effect;
        if (effect.Detail is not { } previousOwner || effect.PhoneNumberId is null)
            return EffectResult.Dead("It names no previous owner.");

        await observe(new CustomerKey(claimed.Key.ProjectId, previousOwner), effect.ToClaim(), cancellationToken);
        return EffectResult.Done;
    }
}
