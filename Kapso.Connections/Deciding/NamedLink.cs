namespace Kapso.Connections.Deciding;

/// <summary>The setup link that an observation speaks of.</summary>
/// <param name="Id">The platform's id of it; null where it speaks of none.</param>
/// <param name="IsProven">Whether that it is this customer's, and was used for the number, is more than a browser's word.</param>
internal readonly record struct NamedLink(string? Id, bool IsProven);
