namespace Kapso.Benchmarks.Cluster;

/// <summary>Processor time that a cluster takes while nobody asks it for anything: background work, and what holds it together.</summary>
internal static class IdleProcessor
{
    /// <summary>Until the start is over: what is done once in some seconds is compiled for good when it was done thirty times.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(3);

    /// <summary>Starts an empty cluster and says in a sentence what it takes.</summary>
    public static async Task<string> MeasureAsync(TargetFactory factory, TimeSpan duration, CancellationToken cancellation)
    {
        await using var cluster = await factory.StartClusterAsync(welcomes: null, ClusterSize.Usual, cancellation);
        await Task.Delay(Settling, cancellation);
        var times = await ReadAsync(factory.TargetOf(cluster), duration, cancellation);
        return $"With nothing to do, {cluster.Size} and Redis take {times.Values.Sum():N1} s of processor time a minute ({Describe(times)}).";
    }

    /// <summary>Seconds a minute, by kind of process.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> ReadAsync(Target target, TimeSpan duration, CancellationToken cancellation)
    {
        var before = target.ReadProcessorTimes();
        await Task.Delay(duration, cancellation);
        return target.ReadProcessorTimes().ToDictionary(kind => kind.Key, kind => (kind.Value - before[kind.Key]) / duration * 60);
    }

    public static string Describe(IReadOnlyDictionary<string, double> times) =>
        string.Join(", ", times.Select(kind => $"{kind.Key} {kind.Value:N2}"));
}
