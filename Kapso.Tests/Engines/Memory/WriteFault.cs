namespace Kapso.Tests.Engines.Memory;

/// <summary>How a write to a <see cref="MemoryStore"/> fails.</summary>
public enum WriteFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>It does not land, and throws.</summary>
    Fails,

    /// <summary>It throws, and lands at the store's next operation, unless another write came first.</summary>
    LandsLater,

    /// <summary>It lands, and throws.</summary>
    LandsThenThrows,

    /// <summary>The process ends before the write.</summary>
    CrashBefore,

    /// <summary>The process ends after the write, before it hears of it.</summary>
    CrashAfter,
}

/// <summary>One write that is about to happen.</summary>
/// <param name="Position">Which write of the store it is, from 1.</param>
/// <param name="Table">The table.</param>
/// <param name="Key">The record's key.</param>
public readonly record struct StoreWrite(int Position, StoreTable Table, string Key);

/// <summary>A store did not do what it was asked to, or nobody knows whether it did.</summary>
public sealed class StoreFailedException(string message) : Exception(message);
