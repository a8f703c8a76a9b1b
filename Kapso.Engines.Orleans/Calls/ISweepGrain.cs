namespace Kapso.Engines.Orleans.Calls;

/// <summary>Wakes the customers of one project whose effects are due; its key is the project's id.</summary>
[Alias("kapso.sweep")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>Makes sure that the project is swept from now on, whichever silo lives.</summary>
    [Alias("start")]
    Task StartAsync();

    /// <summary>Sweeps once now. Returns when what is due by now was claimed, or found that it has to wait.</summary>
    [Alias("sweep")]
    Task SweepAsync();
}
