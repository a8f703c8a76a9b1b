using Kapso.Web.TurnedAway;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Audit;

/// <summary>
/// Counts requests and sign-ins with a wrong key by minute and network, until <see cref="RefusedKeyWriter"/> writes them: strangers send
/// them, so that none is a line of its own.
/// </summary>
internal sealed class RefusedKeys(TimeProvider time)
{
    /// <summary>Networks of a minute that are told apart; what comes from further ones is counted together.</summary>
    public const int MaxNetworks = 10;

    /// <summary>What stands in place of their names.</summary>
    public const string OtherNetworks = "other networks";

    private readonly Lock _lock = new();
    private readonly Dictionary<(DateTimeOffset Minute, string Action), OfMinute> _minutes = [];

    /// <summary>Counts a request.</summary>
    /// <param name="action"><see cref="AuditActions.KeyRefused"/> or <see cref="AuditActions.SignInRefused"/>.</param>
    /// <param name="context">The request.</param>
    public void Count(string action, HttpContext context)
    {
        var now = time.GetUtcNow();
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        lock (_lock)
        {
            if (!_minutes.TryGetValue((minute, action), out var counts))
                _minutes.Add((minute, action), counts = new OfMinute());
            counts.Add(Network.Of(context.Connection.RemoteIpAddress));
        }
    }

    /// <summary>Takes out the lines of the minutes that are over, or of all.</summary>
    public IReadOnlyList<AuditLine> Take(bool all)
    {
        var over = time.GetUtcNow() - TimeSpan.FromMinutes(1);
        var lines = new List<AuditLine>();
        lock (_lock)
        {
            foreach (var ((minute, action), counts) in _minutes.Where(known => all || known.Key.Minute <= over).OrderBy(known => known.Key.Minute).ToList())
            {
                lines.AddRange(counts.All.Select(count => new AuditLine
                {
                    Id = AuditLine.NewId(minute),
                    Action = action,
                    By = AuditActor.Unknown,
                    Network = count.Network,
                    Outcome = AuditOutcome.Refused,
                    Count = count.Times,
                }));
                _minutes.Remove((minute, action));
            }
        }

        return lines;
    }

    private sealed class OfMinute
    {
        private readonly Dictionary<Network, long> _networks = [];
        private long _others;

        public IEnumerable<(string Network, long Times)> All => _networks
            .Select(network => (network.Key.ToString(), network.Value))
            .Concat(_others > 0 ? [(OtherNetworks, _others)] : []);

        public void Add(Network network)
        {
            if (_networks.TryGetValue(network, out var times))
                _networks[network] = times + 1;
            else if (_networks.Count < MaxNetworks)
                _networks.Add(network, 1);
            else
                _others++;
        }
    }
}
