namespace Kapso.Tests.Model;

/// <summary>
/// What a run of random sequences has tried: every cell of the design's table, every bound. A run goes on until it has
/// tried all of it, so that no seed is a lucky or an unlucky one.
/// </summary>
internal sealed class Coverage
{
    private static readonly string[] Bounds = ["open hints", "links", "numbers", "lines in the timeline", "notifies that wait"];

    private readonly Lock _gate = new();
    private readonly int[,] _visits = new int[9, 5];
    private readonly HashSet<string> _reached = [];

    /// <summary>Adds what one sequence tried.</summary>
    public void Add(World world)
    {
        lock (_gate)
        {
            for (var row = 0; row < _visits.GetLength(0); row++)
            {
                for (var column = 0; column < _visits.GetLength(1); column++)
                    _visits[row, column] += world.Visits[row, column];
            }

            _reached.UnionWith(world.Reached);
        }
    }

    /// <summary>What was not tried yet, in words.</summary>
    public IReadOnlyList<string> Missing()
    {
        lock (_gate)
        {
            List<string> missing = [.. Bounds.Except(_reached).Select(bound => $"the bound on {bound}")];
            for (var row = 0; row < _visits.GetLength(0); row++)
            {
                for (var column = 0; column < _visits.GetLength(1); column++)
                {
                    if (_visits[row, column] == 0)
                        missing.Add($"{(News)row} of a number that is {(Standing)column}");
                }
            }

            return missing;
        }
    }
}
