namespace Kapso.Benchmarks;

/// <summary>The benchmark cannot go on, or what it found is wrong. The message says what to do, where something can be done.</summary>
internal class BenchmarkException(string message) : Exception(message);

/// <summary>A target cannot be measured on this machine. The message says what is missing; the others go on.</summary>
internal sealed class LeftOutException(string message) : BenchmarkException(message);
