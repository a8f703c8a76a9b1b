namespace Kapso.Benchmarks.Targets;

/// <summary>How many processes of each kind a cluster has, beside its Redis.</summary>
internal sealed record ClusterSize(int Silos, int Apis)
{
    /// <summary>The least that outlives the death of a silo.</summary>
    public static readonly ClusterSize Usual = new(Silos: 2, Apis: 1);

    public override string ToString() => $"{Silos} {(Silos == 1 ? "silo" : "silos")}, {Apis} {(Apis == 1 ? "API" : "APIs")}";
}
