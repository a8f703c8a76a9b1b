
namespace Kapso.Engines.Sending;

/// <summary>
/// Tells of a dependency that is away: a line when it goes, one a minute while it stays away, and one when it is back,
/// however often it is tried in between.
/// </summary>
/// <param name="what">What is away, as the beginning of a sentence.</param>
/// <param name="meanwhile">What that means, as a sentence.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Gets the lines.</param>
/// <param name="flaps">
/// Whether it fails call by call: where every tenth fails, it would go and be back with each. It is then told at most once a
/// minute that it has gone, and that it is back only after that.
/// </param>
public sealed partial class Outage(string what, string meanwhile, TimeProvider time, ILogger logger, bool flaps = false)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private ITimer? _reminder;
    private long _since;
    private long? _toldAt;
    private bool _isTold;
    private string _why = "";

    /// <summary>It was tried and failed.</summary>
    /// <param name="why">What happened, as the end of a sentence; no secrets.</param>
    public void Failed(string why)
    {
        lock (_lock)
        {
            _why = why;
            if (_reminder is not null)
                return;
            _since = time.GetTimestamp();
            var untilTold = flaps && _toldAt is { } told ? BetweenLines - time.GetElapsedTime(told) : TimeSpan.Zero;
            if (untilTold <= TimeSpan.Zero)
                Tell();
            _reminder = time.CreateTimer(
                static outage => ((Outage)outage!).Remind(), this, untilTold > TimeSpan.Zero ? untilTold : BetweenLines, BetweenLines);
        }
    }

    /// <summary>It answered. Costs nothing where it did before.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref _reminder) is null)
            return;
        lock (_lock)
        {
            if (_reminder is null)
                return;
            _reminder.Dispose();
            _reminder = null;
            if (_isTold)
                LogBack(logger, what, Away());
            _isTold = false;
        }
    }

    private void Remind()
    {
        lock (_lock)
        {
            if (_reminder is not null)
                Tell();
        }
    }

    private void Tell()
    {
        if (_isTold)
            LogStillGone(logger, what, Away(), _why);
        else
            LogGone(logger, what, _why, meanwhile);
        (_isTold, _toldAt) = (true, time.GetTimestamp());
    }

    private TimeSpan Away() => TimeSpan.FromSeconds(Math.Round(time.GetElapsedTime(_since).TotalSeconds));

    [LoggerMessage(1, LogLevel.Warning, "{What} is away: {Why}. {Meanwhile}")]
    private static partial void LogGone(ILogger logger, string what, string why, string meanwhile);

    [LoggerMessage(2, LogLevel.Warning, "{What} is still away after {Away}: {Why}.")]
    private static partial void LogStillGone(ILogger logger, string what, TimeSpan away, string why);

    [LoggerMessage(3, LogLevel.Information, "{What} is back after {Away}.")]
    private static partial void LogBack(ILogger logger, string what, TimeSpan away);
}
