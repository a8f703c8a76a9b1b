namespace Kapso.Engines.Contract;

/// <summary>
/// What owns connections, makes them durable and drives their outboxes. The web layer cannot tell which one it talks to. Everything that
/// crosses it round-trips through System.Text.Json. A method that writes returns only after the write is durable; where
/// it cannot be made durable it throws <see cref="EngineUnavailableException"/>, and the write may still have landed: all
/// writes are idempotent, so that the caller can repeat them.
/// </summary>
public interface IConnectionEngine : IConnections, IEffects, IParkedDeliveries, IActivity, IPasses, IWebhooks, IReceivers, IAudit, IErasures
{
    /// <summary>Whether deliveries can be made durable now. Never throws; answers within a second.</summary>
    Task<EngineHealth> CheckAsync(CancellationToken cancellationToken);
}
