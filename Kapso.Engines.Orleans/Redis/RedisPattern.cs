using System.Text;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>Patterns by which Redis looks for names.</summary>
internal static class RedisPattern
{
    /// <summary>A text as a part of a pattern, that stands for itself.</summary>
    public static string Escape(string text)
    {
        var pattern = new StringBuilder(text.Length);
        foreach (var character in text)
            pattern.Append(character is '*' or '?' or '[' or ']' or '\\' ? "\\" : "").Append(character);
        return pattern.ToString();
    }
}
