namespace Kapso.Connections.Deciding;

/// <summary>What an effect is decided by.</summary>
/// <param name="PhoneNumberId">The number it is about.</param>
/// <param name="TraceParent">The trace of the delivery.</param>
/// <param name="Now">The engine's time.</param>
internal readonly record struct Cause(string? PhoneNumberId, string? TraceParent, DateTimeOffset Now);
