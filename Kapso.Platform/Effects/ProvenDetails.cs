namespace Kapso.Platform.Effects;

/// <summary>Details of a number that may leave the service.</summary>
internal static class ProvenDetails
{
    /// <summary>
    /// Display number, account and names, where a proof brought them. A browser can make them up, and a receiver that acted on
    /// them could be made to write to a stranger: unproven ones stay here.
    /// </summary>
    public static NumberDetails? Of(Number? number) => number is { DetailsProven: true } ? number.Details : null;
}
