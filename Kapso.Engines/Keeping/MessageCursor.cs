using System.Globalization;

namespace Kapso.Engines.Keeping;

/// <summary>Where a page of messages to a receiver ended: at a time, in milliseconds since 1970, and an id.</summary>
public static class MessageCursor
{
    /// <summary>The place of a message.</summary>
    public static string Of(ReceiverMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return string.Create(CultureInfo.InvariantCulture, $"{message.CreatedAt.ToUnixTimeMilliseconds()} {message.Id}");
    }

    /// <summary>The place that a cursor names; null for the beginning of the list.</summary>
    public static (long CreatedAt, string Id)? Read(string? cursor) =>
        Cursor.Read(cursor)?.Split(' ', 2) is [var time, var id]
        && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? (at, id)
            : null;
}
