namespace Kapso.Simulator.Deliveries;

/// <summary>
/// When a webhook is paused: of at least 20 deliveries in a window of 15 minutes, at least 85 % failed. So the 10 failures that
/// the platform also asks for are there.
/// </summary>
internal sealed class PauseRule
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private const int AtLeast = 20;
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

        if (ends.Count < AtLeast || ends.Count(end => end.Failed) < FailedShare * ends.Count)
            return false;
        ends.Clear();
        return true;
    }
}
