namespace Kapso.Engines.Orleans.Calls;

/// <summary>
/// Has calls come into a customer's grain while it writes, where they wait for the next write and share it. A caller asks for it and
/// a grain allows it, so that a grain of an earlier version, which makes a write of its own for each call, is never entered in the
/// middle of one. <c>[Reentrant]</c> would not do: silos learn that of each other, and an earlier one would take it for its own.
/// </summary>
internal static class Interleaving
{
    private static readonly Guid Section = new("7d0c5c38-6f0e-4a52-9d5b-2f8f0a1c6e91");

    /// <summary>Asks for it, for the calls that are made from here on, until the caller returns.</summary>
    public static void Ask() => RequestContext.ReentrancyId = Section;

    /// <summary>Allows it as long as the activation lives whose turn this is.</summary>
    public static void Allow() => _ = new RequestContext.ReentrancySection(RequestContext.ReentrancyId, Section);
}
