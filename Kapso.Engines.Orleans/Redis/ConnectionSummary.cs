using System.Globalization;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// What the operator's list says of a customer, as the row in Redis: status (one digit), effects that wait, effects that
/// need a person, when the connection was written, and where one is known: own id, name, the display number of each number, and the
/// tags, escaped; then each number on a line of its own. Earlier versions read the first four words or seven, and the lines.
/// </summary>
internal static class ConnectionSummary
{
    /// <summary>How many effects are pending or in flight.</summary>
    public static int Waiting(Connection connection)
    {
        var waiting = 0;
        foreach (var effect in connection.Outbox)
            waiting += IsStuck(effect) ? 0 : 1;
        return waiting;
    }

    /// <summary>Whether an effect needs a person.</summary>
    public static bool IsStuck(Effect effect) => effect.Status is EffectStatus.Held or EffectStatus.Dead;

    public static string Write(Connection connection, DateTimeOffset writtenAt)
    {
        var waiting = Waiting(connection);
        return Write(connection, waiting, connection.Outbox.Length - waiting, writtenAt);
    }

    /// <summary>
    /// The row to write before the connection is: no effect that waits or needs a person is counted out before it is true that
    /// it does not any more.
    /// </summary>
    public static string WriteAhead(Connection before, Connection after, DateTimeOffset now)
    {
        var (waitingBefore, waiting) = (Waiting(before), Waiting(after));
        return Write(
            after,
            Math.Max(waitingBefore, waiting),
            Math.Max(before.Outbox.Length - waitingBefore, after.Outbox.Length - waiting),
            now);
    }

    /// <summary>Whether the row that was written ahead says all that there is to say once the connection is written.</summary>
    public static bool IsAheadFinal(Connection before, Connection after)
    {
        var (waitingBefore, waiting) = (Waiting(before), Waiting(after));
        return waiting >= waitingBefore && after.Outbox.Length - waiting >= before.Outbox.Length - waitingBefore;
    }

    private static string Write(Connection connection, int waiting, int stuck, DateTimeOffset writtenAt)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture, $"{(int)connection.Status} {waiting} {stuck} {writtenAt.ToUnixTimeMilliseconds()}");
        head += Names(connection);
        return connection.Numbers.Length switch
        {
            0 => head,
            1 => $"{head}{StoreKeys.Separator}{connection.Numbers[0].PhoneNumberId}",
            _ => head + StoreKeys.Separator + string.Join(StoreKeys.Separator, connection.Numbers.Select(number => number.PhoneNumberId)),
        };
    }

    /// <summary>Whether both say the same, but for the time.</summary>
    public static bool SaySame(Connection before, Connection after) =>
        before.Status == after.Status && before.Outbox.Length == after.Outbox.Length && Waiting(before) == Waiting(after)
        && SameNumbers(before, after) && before.IsCalledLike(after);

    /// <summary>
    /// Whether a change has to be in the lists before it is written. Fewer effects that wait need not: that they are gone
    /// is true only afterwards.
    /// </summary>
    public static bool IsNewsInLists(Connection before, Connection after)
    {
        var (waitingBefore, waiting) = (Waiting(before), Waiting(after));
        return before.Status != after.Status || waiting > waitingBefore
            || after.Outbox.Length - waiting != before.Outbox.Length - waitingBefore
            || !SameNumbers(before, after) || !before.IsCalledLike(after);
    }

    public static ConnectionRow Read(string customerId, string row)
    {
        var lines = row.Split(StoreKeys.Separator);
        var head = lines[0].Split(' ');
        var (ownId, name) = (Unescape(head.ElementAtOrDefault(4)), Unescape(head.ElementAtOrDefault(5)));
        var displays = head.ElementAtOrDefault(6)?.Split(',') ?? [];
        var tags = ReadTags(head.ElementAtOrDefault(7));
        return new ConnectionRow(
            customerId,
            (ConnectionStatus)int.Parse(head[0], CultureInfo.InvariantCulture),
            lines[1..],
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(head[3], CultureInfo.InvariantCulture)))
        {
            Names = CustomerNames.From(ownId, name, tags),
            DisplayPhoneNumbers = [.. lines.Skip(1).Select((_, i) => Unescape(displays.ElementAtOrDefault(i)))],
        };
    }

    /// <summary>The part of the row that says what customer and numbers are called; empty where that is not known.</summary>
    public static string Names(Connection connection) => connection.Names is null && !HasDisplayNumbers(connection)
        ? ""
        : $" {Escape(connection.Names?.OwnId)} {Escape(connection.Names?.Name)} "
            + string.Join(',', connection.Numbers.Select(number => Escape(number.ProvenDisplayPhoneNumber)))
            + (connection.Tags is { } tags ? " " + string.Join(',', tags.All.Select(Escape)) : "");

    private static CustomerTags? ReadTags(string? tags) => string.IsNullOrEmpty(tags) ? null : CustomerTags.With(
        null, tags.Split(',').Select(static tag => CustomerTags.TryParse(Unescape(tag), out var key, out var value)
            ? new KeyValuePair<string, string?>(key, value)
            : throw new FormatException("A tag of a row is not as it was written.")));

    private static bool HasDisplayNumbers(Connection connection)
    {
        foreach (var number in connection.Numbers)
        {
            if (number.ProvenDisplayPhoneNumber is not null)
                return true;
        }

        return false;
    }

    // No blank, comma or line end is left in it.
    private static string Escape(string? text) => Uri.EscapeDataString(text ?? "");

    private static string? Unescape(string? text) => string.IsNullOrEmpty(text) ? null : Uri.UnescapeDataString(text);

    private static bool SameNumbers(Connection before, Connection after)
    {
        if (before.Numbers == after.Numbers)
            return true;
        if (before.Numbers.Length != after.Numbers.Length)
            return false;
        for (var i = 0; i < before.Numbers.Length; i++)
        {
            var (known, number) = (before.Numbers[i], after.Numbers[i]);
            if (known.PhoneNumberId != number.PhoneNumberId || known.ProvenDisplayPhoneNumber != number.ProvenDisplayPhoneNumber)
                return false;
        }

        return true;
    }
}
