using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kapso.Simulator.Faults;

/// <summary>
/// Chance that repeats: what befalls a subject (a number, a call's path) for the n-th time is a function of seed, kind,
/// subject and n. So calls that race each other change nothing for one another.
/// </summary>
public sealed class FaultDice(int seed)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<(FaultKind, string), int> _thrown = new();
    private readonly ConcurrentDictionary<FaultKind, int> _fallen = new();
    private volatile FaultPlan _plan = new();

    public int Seed => seed;

    public FaultPlan Plan
    {
        get => _plan;
        set
        {
            lock (_gate)
                _plan = value;
        }
    }

    /// <summary>Makes a fault certain for the next times.</summary>
    public void Force(FaultKind kind, int times)
    {
        lock (_gate)
            Plan = Plan with { Next = Plan.Next.SetItem(kind, Plan.Next.GetValueOrDefault(kind) + times) };
    }

    /// <summary>How often each fault has happened.</summary>
    public IReadOnlyDictionary<FaultKind, int> Fallen => _fallen;

    /// <summary>Whether the fault happens to the subject now.</summary>
    public bool Falls(FaultKind kind, string subject)
    {
        if (!IsNext(kind, subject))
            return false;
        _fallen.AddOrUpdate(kind, 1, (_, fallen) => fallen + 1);
        return true;
    }

    /// <summary>A number from 0 to 1 for the extent of a fault that has happened.</summary>
    public double Extent(FaultKind kind, string subject) => Throw(kind, subject + "/extent");

    private bool IsNext(FaultKind kind, string subject)
    {
        lock (_gate)
        {
            if (Plan.Next.GetValueOrDefault(kind) is > 0 and var left)
            {
                Plan = Plan with { Next = Plan.Next.SetItem(kind, left - 1) };
                return true;
            }

            var rate = Plan.RateOf(kind);
            return rate > 0 && Throw(kind, subject) < rate;
        }
    }

    private double Throw(FaultKind kind, string subject)
    {
        var nth = _thrown.AddOrUpdate((kind, subject), 1, (_, thrown) => thrown + 1);
        var bytes = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{kind}/{subject}/{nth}"));
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(bytes)) / (double)uint.MaxValue;
    }
}
