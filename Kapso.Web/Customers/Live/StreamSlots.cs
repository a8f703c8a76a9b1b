using Kapso.Web.Http;


namespace Kapso.Web.Customers.Live;

/// <summary>Counts the live streams of this process, so that they stay few for each state and bounded in all.</summary>
internal sealed class StreamSlots(WebLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _perState = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Takes a slot: null on success, else the status to refuse with.</summary>
    public int? Take(string state)
    {
        lock (_gate)
        {
            if (_all >= limits.StreamsInAll)
                return 503;
            var open = _perState.GetValueOrDefault(state);
            if (open >= limits.StreamsPerState)
                return 429;
            _perState[state] = open + 1;
            _all++;
            return null;
        }
    }

    /// <summary>Gives a slot back.</summary>
    public void Return(string state)
    {
        lock (_gate)
        {
            _all--;
            if (--_perState[state] == 0)
                _perState.Remove(state);
        }
    }
}
