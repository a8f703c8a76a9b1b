namespace Kapso.Benchmarks;

/// <summary>The benchmark cannot go on, or what it found is wrong. The message says what to do, where something can be done.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
