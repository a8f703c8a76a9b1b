using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Kapso.Web.Projects;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.TurnedAway;

/// <summary>
/// Counts in memory what is refused, limited or passed over, until <see cref="TurnedAwayWriter"/> writes it. Whatever comes, it holds one
/// small count for each served project and kind, with the last 20 networks; a request allocates nothing and touches no store.
/// </summary>
internal sealed class TurnedAwayCounter
{
    private readonly FrozenDictionary<string, Counts> _projects;
    private readonly Counts _ofNone = new();
    private readonly TimeProvider _time;

    public TurnedAwayCounter(ProjectDirectory projects, TimeProvider time)
    {
        _time = time;
        _projects = projects.All.ToFrozenDictionary(project => project.Id, _ => new Counts(), StringComparer.Ordinal);
    }

    /// <summary>Counts a request.</summary>
    /// <param name="kind">What it was.</param>
    /// <param name="projectId">The project; null for what is of none. One that is not served is not counted.</param>
    /// <param name="context">The request: where it came from is counted by its network.</param>
    /// <param name="packing">What its body was packed by; null where it was not, or does not matter.</param>
    public void Count(TurnedAwayKind kind, string? projectId, HttpContext context, string? packing = null) =>
        Count(kind, projectId, 1, Network.Of(context.Connection.RemoteIpAddress), packing);

    /// <summary>Counts what came from nowhere in particular.</summary>
    public void Count(TurnedAwayKind kind, string projectId, int times = 1)
    {
        if (times > 0)
            Count(kind, projectId, times, from: null);
    }

    /// <summary>Takes out what was counted since it was last taken; null as the project for what is of none.</summary>
    public IEnumerable<(string? ProjectId, IReadOnlyList<TurnedAwayTally> Tallies)> Take()
    {
        if (_ofNone.Take() is { Count: > 0 } ofNone)
            yield return (null, ofNone);
        foreach (var (projectId, counts) in _projects)
        {
            if (counts.Take() is { Count: > 0 } tallies)
                yield return (projectId, tallies);
        }
    }

    private void Count(TurnedAwayKind kind, string? projectId, int times, Network? from, string? packing = null)
    {
        var counts = projectId is null ? _ofNone : _projects.GetValueOrDefault(projectId);
        if (counts is null)
            return;
        KapsoTelemetry.TurnedAway.Add(times, Tags.Of("reason", kind));
        counts.Add(kind, times, from, packing, _time.GetUtcNow());
    }

    private sealed class Counts
    {
        private static readonly int Kinds = Enum.GetValues<TurnedAwayKind>().Length;

        private readonly Lock _lock = new();
        private readonly OfKind?[] _kinds = new OfKind?[Kinds];

        public void Add(TurnedAwayKind kind, int times, Network? from, string? packing, DateTimeOffset now)
        {
            lock (_lock)
                (_kinds[(int)kind] ??= new OfKind(kind, now)).Add(times, from, packing, now);
        }

        public List<TurnedAwayTally> Take()
        {
            var taken = new List<TurnedAwayTally>();
            lock (_lock)
            {
                for (var kind = 0; kind < Kinds; kind++)
                {
                    if (_kinds[kind] is { } known)
                        taken.Add(known.Tally());
                    _kinds[kind] = null;
                }
            }

            return taken;
        }
    }

    private sealed class OfKind(TurnedAwayKind kind, DateTimeOffset firstAt)
    {
        private readonly Dictionary<Network, (long Count, DateTimeOffset LastAt)> _networks = [];
        private readonly DateTimeOffset[] _times = new DateTimeOffset[kind.IsOfSignature() ? TurnedAwayKinds.MaxTimes : 0];
        private long _count;
        private DateTimeOffset _lastAt;
        private (string? By, long Count, DateTimeOffset LastAt) _packed;

        public void Add(int times, Network? from, string? packing, DateTimeOffset now)
        {
            if (packing is not null)
                _packed = (packing, _packed.Count + times, now);
            if (_times.Length > 0)
                _times[_count % _times.Length] = now;
            (_count, _lastAt) = (_count + times, now);
            if (from is not { } network)
                return;
            if (_networks.Count >= NetworkCount.MaxKept && !_networks.ContainsKey(network))
                _networks.Remove(Oldest());
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_networks, network, out _);
            known = (known.Count + times, now);
        }

        public TurnedAwayTally Tally() => new(
            kind, _count, firstAt, _lastAt,
            [.. _networks.Select(network => new NetworkCount(network.Key.ToString(), network.Value.Count, network.Value.LastAt))])
        {
            Times = [.. _times.Take((int)Math.Min(_count, _times.Length)).Order()],
            Packed = _packed is ({ } packing, var count, var lastAt) ? new PackedCount(packing, count, lastAt) : null,
        };

        private Network Oldest()
        {
            var (oldest, oldestAt) = (default(Network), DateTimeOffset.MaxValue);
            foreach (var (network, (_, lastAt)) in _networks)
            {
                if (lastAt < oldestAt)
                    (oldest, oldestAt) = (network, lastAt);
            }

            return oldest;
        }
    }
}
