namespace Kapso.Engines.Keeping;

/// <summary>The failed setups that a change of a connection brought.</summary>
public static class FailedSetups
{
    /// <summary>The codes of the failures that count from this change on: once for each link and code. A link that came with them, as by an import, brings none.</summary>
    public static IEnumerable<string> Between(Connection before, Connection after) =>
        before.SetupLinks == after.SetupLinks
            ? []
            : after.SetupLinks.SelectMany(link => before.SetupLinks.FirstOrDefault(known => known.Id == link.Id) is { } known
                ? link.ErrorCodes.Skip(known.ErrorCodes.Length)
                : []);
}
