using System.Buffers.Text;
using System.Text;

namespace Kapso.Engines.Keeping;

/// <summary>Where a page ended, as text that is opaque to the caller: the last row's key in base64url.</summary>
public static class Cursor
{
    public static string Write(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <summary>The key, or null for the beginning. What is not a cursor of ours begins at the beginning, too.</summary>
    public static string? Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor) || cursor.Length > 1_024 || !Base64Url.IsValid(cursor))
            return null;
        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
    }
}
