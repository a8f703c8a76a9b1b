namespace Kapso.Simulator.Deliveries;

/// <summary>
/// When a webhook is paused: of at least 20 deliveries in a window of 15 minutes, at least 10 and at least 85 % failed.
/// </summary>
internal sealed class PauseRule
{
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private const int AtLeast = 20;
    private const int AtLeastFailed = 10;
    private const double FailedShare = 0.85;

    private readonly Dictionary<string, Queue<(DateTimeOffset At, bool Failed)>> _ends = new(StringComparer.Ordinal);

    /// <summary>Counts an end, and says whether the webhook is to be paused. Starts anew after a pause.</summary>
    public bool Pauses(string webhookId, bool failed, DateTimeOffset now)
    {
        if (!_ends.TryGetValue(webhookId, out var ends))
            _ends[webhookId] = ends = new();
        ends.Enqueue((now, failed));
        while (ends.Peek().At <= now - Window)
            ends.Dequeue();

        var failures = ends.Count(end => end.Failed);
        if (ends.Count < AtLeast || failures < AtLeastFailed || failures < FailedShare * ends.Count)
            return false;
        ends.Clear();
        return true;
    }
}
