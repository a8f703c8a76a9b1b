using System.Buffers;

namespace Kapso.Connections.Values;

/// <summary>The trace that a delivery belongs to, for a person who looks for it where traces are kept.</summary>
internal static class TraceIds
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private const int Length = 32;
    private const int Start = 3;

    /// <summary>The last digit of a W3C <c>traceparent</c>, which says whether the trace is recorded.</summary>
    private const int Flag = 54;

    /// <summary>
    /// The trace's id, 32 hex digits. Null where nobody records the trace: its id would find nothing, and take up room in every
    /// line of every customer.
    /// </summary>
    public static string? Of(string? traceParent) =>
        traceParent is { Length: > Flag } && "13579bdf".Contains(traceParent[Flag], StringComparison.Ordinal)
        && !traceParent.AsSpan(Start, Length).ContainsAnyExcept(Digits)
            ? traceParent.Substring(Start, Length)
            : null;
}
