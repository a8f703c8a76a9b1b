namespace Kapso.Testing.Contract;

/// <summary>
/// What every engine must do, by its interface alone. Everything passes through <see cref="RoundTripEngine"/>; time is
/// virtual; the outside world is <see cref="RecordingRunner"/>.
/// </summary>
public abstract partial class EngineContract
{
    private static readonly ConnectionPolicy Plain = new() { Notifies = true };
    private static readonly ConnectionPolicy WithApi = new() { Notifies = true, CanConfirm = true };

    /// <summary>Whether no other process can be alive on the engine's store: what a crash left claimed is free at once.</summary>
    protected virtual bool IsSole => false;

    /// <summary>Starts an engine on a new, empty store.</summary>
    protected abstract Task<EngineUnderTest> StartAsync(EngineSetup setup);

    private Task<Stage> OpenAsync(ConnectionPolicy? policy = null) => Stage.OpenAsync(StartAsync, policy ?? Plain);
}
