namespace Kapso.Engines.Orleans;

/// <summary>Tells whoever keeps something that belongs to the store that the store is another one now.</summary>
public sealed class StoreReplacements
{
    /// <summary>The silos have begun anew on the store that took the place of the one before.</summary>
    public event Action? Replaced;

    internal void Tell() => Replaced?.Invoke();
}
