namespace Kapso.Benchmarks.Load;

/// <summary>One answer: its status, its length in bytes with its head, and whether the connection stays open.</summary>
internal readonly record struct Response(int Status, int Length, bool KeepAlive);
