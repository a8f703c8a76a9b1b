namespace Kapso.Benchmarks;

/// <summary>A target cannot be measured on this machine. The message says what is missing; the others go on.</summary>
internal sealed class LeftOutException(string message) : Exception(message);
