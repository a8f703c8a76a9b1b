using System.Diagnostics.CodeAnalysis;

namespace Kapso.Connections.Values;

/// <summary>The rule for every id that comes from outside, before it becomes a key of anything.</summary>
public static class BoundedId
{
    /// <summary>Longest id that is accepted, in UTF-16 code units.</summary>
    public const int MaxLength = 128;

    /// <summary>
    /// Whether the id has 1 to <see cref="MaxLength"/> characters, none of them a control character or an unpaired
    /// surrogate, and neither starts nor ends with white space.
    /// </summary>
    public static bool IsValid([NotNullWhen(true)] string? id)
    {
        if (string.IsNullOrEmpty(id) || id.Length > MaxLength || char.IsWhiteSpace(id[0]) || char.IsWhiteSpace(id[^1]))
            return false;

        for (var i = 0; i < id.Length; i++)
        {
            if (char.IsControl(id[i]))
                return false;
            if (!char.IsSurrogate(id[i]))
                continue;
            if (!char.IsHighSurrogate(id[i]) || i + 1 == id.Length || !char.IsLowSurrogate(id[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
