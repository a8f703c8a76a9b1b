namespace Kapso.Engines.Orleans.Calls;

/// <summary>
/// Refers to customers' grains. What Orleans works out for each reference anew, by reflection, is the same for all of them
/// and kept from the first one.
/// </summary>
internal sealed class ConnectionGrains(IGrainFactory grains)
{
    private GrainReference? _first;

    /// <summary>
    /// The grain with this key, for calls that may come in while it writes. Throws as long as this process has never heard of a silo
    /// that has such grains.
    /// </summary>
    public IConnectionGrain Get(string grainKey)
    {
        Interleaving.Ask();
        if (_first is { } known)
            return (IConnectionGrain)grains.GetGrain(GrainId.Create(known.GrainId.Type, grainKey), known.InterfaceType);

        var grain = grains.GetGrain<IConnectionGrain>(grainKey);
        _first = grain as GrainReference;
        return grain;
    }
}
