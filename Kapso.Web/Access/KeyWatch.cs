using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Access;

/// <summary>Says in the log, at the start and once a day, which management keys end soon or have ended: callers with them are refused then.</summary>
internal sealed partial class KeyWatch(ManagementKeys keys, TimeProvider time, ILogger<KeyWatch> logger) : BackgroundService
{
    /// <summary>How long before its end a key is told of.</summary>
    public static TimeSpan Ahead { get; } = TimeSpan.FromDays(14);

    private readonly PeriodicTimer _days = new(TimeSpan.FromDays(1), time);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _days.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            do
                Tell(time.GetUtcNow());
            while (await _days.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Tell(DateTimeOffset now)
    {
        foreach (var key in keys.All)
        {
            if (key.HasEnded(now))
                LogEnded(key.By.Name, key.ExpiresAt);
            else if (key.HasEnded(now + Ahead))
                LogEnds(key.By.Name, key.ExpiresAt);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The management key {Key} ends at {ExpiresAt:u}. Set another one before that, or callers with it are refused.")]
    private partial void LogEnds(string key, DateTimeOffset? expiresAt);

    [LoggerMessage(2, LogLevel.Warning, "The management key {Key} ended at {ExpiresAt:u}: callers with it are refused. Remove it from the settings.")]
    private partial void LogEnded(string key, DateTimeOffset? expiresAt);
}
