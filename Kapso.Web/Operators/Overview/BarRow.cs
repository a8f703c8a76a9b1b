namespace Kapso.Web.Operators.Overview;

/// <summary>One bar of a chart.</summary>
/// <param name="Name">What it counts.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Tone">How it is shown.</param>
/// <param name="Url">Where to see them; null for nowhere.</param>
public sealed record BarRow(string Name, long Count, string Tone, string? Url);
