using Kapso.Web.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Audit;

/// <summary>
/// Writes once a minute how many requests were refused for their key. What the engine does not take is written to it again, under the
/// same ids; a process that stops writes what is left.
/// </summary>
internal sealed partial class RefusedKeyWriter(
    RefusedKeys refused, IConnectionEngine engine, WebLimits limits, TimeProvider time, ILogger<RefusedKeyWriter> logger) : BackgroundService
{
    /// <summary>Lines kept for an engine that does not answer: those of an hour and a half at least.</summary>
    private const int MaxOwed = 2_000;

    private readonly PeriodicTimer _minutes = new(limits.TurnedAwayInterval, time);
    private readonly Queue<AuditLine> _owed = [];

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(all: true);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _minutes.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _minutes.WaitForNextTickAsync(stoppingToken))
                await WriteAsync(all: false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: see StopAsync.
        }
    }

    private async Task WriteAsync(bool all)
    {
        foreach (var line in refused.Take(all))
            _owed.Enqueue(line);
        Bound();
        while (_owed.TryPeek(out var line) && await TryWriteAsync(line))
            _owed.Dequeue();
    }

    private void Bound()
    {
        var lost = 0L;
        while (_owed.Count > MaxOwed)
            lost += _owed.Dequeue().Count ?? 0;
        if (lost > 0)
            LogLost(lost);
    }

    private async Task<bool> TryWriteAsync(AuditLine line)
    {
        using var stop = new CancellationTokenSource(limits.AuditTimeout, time);
        try
        {
            await engine.AppendAuditAsync(line, stop.Token).WaitAsync(stop.Token);
            return true;
        }
#pragma warning disable CA1031 // Whatever the engine throws, it is written with what comes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotWritten(exception.Message, exception.Unexpected());
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "How many requests were refused for their key could not be written into the audit; it is tried again in a minute: {Why}")]
    private partial void LogNotWritten(string why, Exception? exception);

    [LoggerMessage(2, LogLevel.Warning, "The audit lacks {Count} requests that were refused for their key: the store did not take them for too long.")]
    private partial void LogLost(long count);
}
