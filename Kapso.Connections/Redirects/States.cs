using System.Security.Cryptography;

namespace Kapso.Connections.Redirects;

/// <summary>States: 128 random bits in lower-case hex, in the path of redirect URLs.</summary>
public static class States
{
    private const int Bytes = 16;
    private const int Length = Bytes * 2;

    /// <summary>A new state.</summary>
    public static string Create() => RandomNumberGenerator.GetHexString(Length, lowercase: true);

    /// <summary>Whether a text can be a state at all. Anything else is not looked up.</summary>
    public static bool IsWellFormed(string? text) => text is { Length: Length } && text.All(char.IsAsciiHexDigitLower);
}
