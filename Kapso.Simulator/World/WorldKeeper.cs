namespace Kapso.Simulator.World;

/// <summary>Writes the world into its file, soon after each change and when the host stops.</summary>
internal sealed partial class WorldKeeper(
    SimulatedPlatform platform, SimulatorOptions options, TimeProvider time, ILogger<WorldKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private long _written = -1;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Write();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
            Write();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Write()
    {
        if (options.StatePath is not { } path || platform.Version is var version && version == _written)
            return;
        try
        {
            platform.Keep().Write(path);
            _written = version;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NotWritten(path, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The simulated platform could not be written to {Path}: {Reason}")]
    private partial void NotWritten(string path, string reason);
}
