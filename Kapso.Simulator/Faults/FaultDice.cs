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
    private FaultPlan _plan = new();

    public int Seed => seed;

    public FaultPlan Plan
    {
        get
        {
            lock (_gate)
                return _plan;
        }

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
            _plan = _plan with { Next = _plan.Next.SetItem(kind, _plan.Next.GetValueOrDefault(kind) + times) };
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
    public double Extent(FaultKind kind, string subject) =>
        Chance(kind, subject + "/extent", _thrown.AddOrUpdate((kind, subject + "/extent"), 1, (_, thrown) => thrown + 1));

    private bool IsNext(FaultKind kind, string subject)
    {
        double rate;
        lock (_gate)
        {
            if (_plan.Next.GetValueOrDefault(kind) is > 0 and var left)
            {
                _plan = _plan with { Next = _plan.Next.SetItem(kind, left - 1) };
                return true;
            }

            rate = _plan.RateOf(kind);
        }

        return rate > 0 && Chance(kind, subject, _thrown.AddOrUpdate((kind, subject), 1, (_, thrown) => thrown + 1)) < rate;
    }

    private double Chance(FaultKind kind, string subject, int nth)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{kind}/{subject}/{nth}"));
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(bytes)) / (double)uint.MaxValue;
    }
}
