namespace Kapso.Tests;

/// <summary>
/// Tests that start processes, or look at all that happens in this one (its spans, its meters), run alone, after the
/// others. The others run side by side: they wait for events and drive their own clock, so that a busy machine only makes
/// them slower.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Runs alone";
}
