namespace Kapso.Connections.Outbox;

/// <summary>Carries out one kind of effect in the outside world. Called by an engine, after the claim is durable.</summary>
public interface IEffectRunner
{
    /// <summary>The kind of effect that this runner carries out.</summary>
    EffectKind Kind { get; }

    /// <summary>
    /// Carries out one attempt. Returns within the runner's own time-out, well below the lease, and reports failures as
    /// a result; an exception counts as <see cref="EffectResultKind.Retry"/> with an unknown outcome.
    /// </summary>
    /// <param name="claimed">What to send. Its <see cref="Effect.Id"/> goes with it.</param>
    /// <param name="cancellationToken">Cancelled when the host's grace time ends; the outcome is then unknown.</param>
    Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken);
}
