namespace Kapso.Benchmarks.Load;

/// <summary>When the next request is due.</summary>
/// <param name="Rate">
/// Requests per second of an open loop, sent on schedule whether or not earlier ones were answered;
/// <see langword="null"/> for a closed loop, where each connection sends as soon as it has its answer.
/// </param>
/// <param name="Duration">How long requests are sent.</param>
internal sealed record Pace(double? Rate, TimeSpan Duration);
