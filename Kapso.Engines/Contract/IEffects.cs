namespace Kapso.Engines.Contract;

/// <summary>What people do about effects that wait for them. Part of <see cref="IConnectionEngine"/>, whose rules hold for it.</summary>
public interface IEffects
{
    /// <summary>Sends a held or dead effect again, under the same id, as soon as possible.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="effectId">The effect.</param>
    /// <param name="by">Who asks, for the timeline; null where nobody gave a name.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    Task<EffectAction> ResendAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken);

    /// <summary>Settles a held or dead effect as done, on a person's word.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="effectId">The effect.</param>
    /// <param name="by">Whose word it is, for the timeline; null where nobody gave a name.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    Task<EffectAction> SettleAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken);

    /// <summary>Has a connected number welcomed that was adopted, or whose age is not known.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="phoneNumberId">The number.</param>
    /// <param name="by">Who asks, for the timeline; null where nobody gave a name.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns><see cref="EffectAction.AlreadySo"/> where a welcome was decided, <see cref="EffectAction.NotWaiting"/> where the number is not connected.</returns>
    Task<EffectAction> GreetAsync(CustomerKey key, string phoneNumberId, string? by, CancellationToken cancellationToken);

    /// <summary>Effects of a project that need a person: held or dead.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="status"><see cref="EffectStatus.Held"/> or <see cref="EffectStatus.Dead"/>.</param>
    /// <param name="cursor">Where the last page ended, or null.</param>
    /// <param name="limit">Rows wanted, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    Task<Page<EffectRow>> ListEffectsAsync(
        string projectId, EffectStatus status, string? cursor, int limit, CancellationToken cancellationToken);
}
