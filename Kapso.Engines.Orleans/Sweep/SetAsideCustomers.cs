using Kapso.Engines.Orleans.Calls;

namespace Kapso.Engines.Orleans.Sweep;

/// <summary>
/// The customers of one project that could not be woken. The first failure is tried again at the next pass, because a silo may
/// just have died; after that each waits twice as long as before, up to a minute, and does not stand in the way of the others.
/// The log gets a line when that begins, one a minute for all of them together while it lasts, and one when it is over.
/// </summary>
internal sealed partial class SetAsideCustomers(string projectId, EngineClock clock, ILogger logger)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Trial> _failed = new(StringComparer.Ordinal);
    private DateTimeOffset _since;
    private DateTimeOffset? _toldAt;
    private bool _isTold;

    /// <summary>Whether it is not yet time to try the customer again.</summary>
    public bool Has(string customerId) =>
        _failed.TryGetValue(customerId, out var trial) && trial.Until > clock.Now && trial.Until - clock.Now <= Longest;

    /// <summary>The customer could not be woken.</summary>
    public void Failed(string customerId, Exception exception)
    {
        var now = clock.Now;
        if (_failed.Count == 0)
            _since = now;
        var wait = !_failed.TryGetValue(customerId, out var trial) ? TimeSpan.Zero
            : trial.Wait < Shortest ? Shortest
            : trial.Wait * 2 > Longest ? Longest
            : trial.Wait * 2;
        _failed[customerId] = new Trial(wait, now + wait);
        if (_toldAt is { } told && now >= told && now - told < BetweenLines)
            return;
        (_isTold, _toldAt) = (true, now);
        LogNotWoken(UnreadableRecord.Untold(exception), customerId, projectId, _failed.Count);
    }

    /// <summary>The customer was woken.</summary>
    public void Woken(string customerId)
    {
        if (_failed.Count > 0 && _failed.Remove(customerId))
            TellIfOver();
    }

    /// <summary>Forgets customers that no pass has tried for long: somebody else has woken them.</summary>
    public void Forget()
    {
        if (_failed.Count == 0)
            return;
        var longAgo = clock.Now - (2 * Longest);
        foreach (var (customerId, trial) in _failed)
        {
            if (trial.Until < longAgo)
                _failed.Remove(customerId);
        }

        TellIfOver();
    }

    private void TellIfOver()
    {
        if (_failed.Count > 0 || !_isTold)
            return;
        _isTold = false;
        LogWoken(projectId, TimeSpan.FromSeconds(Math.Round((clock.Now - _since).TotalSeconds)));
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Customer {CustomerId} of project {ProjectId} could not be woken (in all: {Count}); what is due for them waits, and is tried again.")]
    private partial void LogNotWoken(Exception? exception, string customerId, string projectId, int count);

    [LoggerMessage(2, LogLevel.Information, "The customers of project {ProjectId} that could not be woken are awake after {Away}.")]
    private partial void LogWoken(string projectId, TimeSpan away);

    private readonly record struct Trial(TimeSpan Wait, DateTimeOffset Until);
}
