using System.Buffers;
using System.Text.Json;

namespace Kapso.Connections.Storage;

/// <summary>
/// Writes the stored form as <see cref="StoredConnectionContext"/> does, byte for byte, but for the members that it would
/// have to look at in vain: most of a connection's are not set, and every delivery writes one. A member that is added to
/// one of the records is added here; a test compares the two.
/// </summary>
internal static class StoredConnectionWriter
{
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _kept;

    public static byte[] Write(Connection connection)
    {
        // Taken for the time of the call: a write that fails leaves nothing behind for the next one.
        var (buffer, writer) = _kept ?? Make();
        _kept = null;
        Write(writer, connection);
        writer.Flush();
        var written = buffer.WrittenSpan.ToArray();
        buffer.ResetWrittenCount();
        writer.Reset();
        _kept = (buffer, writer);
        return written;

        static (ArrayBufferWriter<byte>, Utf8JsonWriter) Make()
        {
            var buffer = new ArrayBufferWriter<byte>(4_096);
            return (buffer, new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }));
        }
    }

    private static void Write(Utf8JsonWriter writer, Connection connection)
    {
        writer.WriteStartObject();
        writer.WriteNumber("v"u8, connection.Version);
        writer.WriteStartObject("k"u8);
        writer.WriteString("p"u8, connection.Key.ProjectId);
        writer.WriteString("c"u8, connection.Key.CustomerId);
        writer.WriteEndObject();
        Number(writer, "q"u8, connection.Sequence);
        Number(writer, "c"u8, connection.Confirms);

        writer.WriteStartArray("nu"u8);
        foreach (var number in connection.Numbers)
            Write(writer, number);
        writer.WriteEndArray();
        writer.WriteStartArray("sl"u8);
        foreach (var link in connection.SetupLinks)
            JsonSerializer.Serialize(writer, link, StoredConnectionContext.Default.SetupLink);
        writer.WriteEndArray();
        writer.WriteStartArray("ob"u8);
        foreach (var effect in connection.Outbox)
            Write(writer, effect);
        writer.WriteEndArray();
        writer.WriteStartArray("tl"u8);
        foreach (var line in connection.Timeline)
            Write(writer, line);
        writer.WriteEndArray();

        Text(writer, "cp"u8, connection.ContactPhone);
        Told(writer, "xi"u8, connection.OwnId);
        Told(writer, "nm"u8, connection.Name);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Number number)
    {
        writer.WriteStartObject();
        Text(writer, "i"u8, number.PhoneNumberId);
        Number(writer, "s"u8, (int)number.Status);
        Flag(writer, "ad"u8, number.Adopted);
        Flag(writer, "rt"u8, number.Returned);
        Flag(writer, "au"u8, number.AgeUnknown);
        Flag(writer, "un"u8, number.Unconfirmed);
        Time(writer, "di"u8, number.DisputedAt);
        if (number.Details is { } details)
        {
            writer.WriteStartObject("de"u8);
            Text(writer, "d"u8, details.DisplayPhoneNumber);
            Text(writer, "b"u8, details.BusinessAccountId);
            Text(writer, "n"u8, details.Name);
            Text(writer, "vn"u8, details.VerifiedName);
            writer.WriteEndObject();
        }

        Flag(writer, "dp"u8, number.DetailsProven);
        Number(writer, "so"u8, (int)number.Sources);
        Time(writer, "ha"u8, number.HintedAt);
        Time(writer, "ca"u8, number.ConnectedAt);
        Time(writer, "ga"u8, number.GoneAt);
        Time(writer, "ab"u8, number.AbsentAt);
        Time(writer, "aa"u8, number.AskedAt);
        Time(writer, "pa"u8, number.LastProofAt);
        Time(writer, "ra"u8, number.RepeatedAt);
        Time(writer, "oa"u8, number.LastOccurredAt);
        Number(writer, "pv"u8, number.ProofVersion);
        Text(writer, "l"u8, number.SetupLinkId);
        Flag(writer, "lp"u8, number.SetupLinkProven);
        if (number.Welcome is { } welcome)
        {
            writer.WriteStartObject("w"u8);
            Text(writer, "i"u8, welcome.Id);
            Number(writer, "s"u8, (int)welcome.Status);
            Number(writer, "n"u8, welcome.Attempts);
            Text(writer, "e"u8, welcome.LastError);
            Text(writer, "m"u8, welcome.MessageId);
            Time(writer, "la"u8, welcome.LapsedAt);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Effect effect)
    {
        writer.WriteStartObject();
        Text(writer, "i"u8, effect.Id);
        writer.WriteNumber("k"u8, (int)effect.Kind);
        Number(writer, "s"u8, (int)effect.Status);
        Number(writer, "n"u8, effect.Attempt);
        Time(writer, "at"u8, effect.CreatedAt);
        Time(writer, "du"u8, effect.DueAt);
        if (effect.Lease is { } lease)
        {
            writer.WriteStartObject("l"u8);
            Text(writer, "h"u8, lease.Holder);
            Time(writer, "u"u8, lease.Until);
            writer.WriteEndObject();
        }

        Flag(writer, "un"u8, effect.OutcomeUnknown);
        Time(writer, "ua"u8, effect.UnknownAt);
        Text(writer, "to"u8, effect.Recipient);
        Flag(writer, "nr"u8, effect.NoRecipient);
        Flag(writer, "rs"u8, effect.Resent);
        Time(writer, "ws"u8, effect.WaitsSince);
        Text(writer, "e"u8, effect.LastError);
        Text(writer, "p"u8, effect.PhoneNumberId);
        Number(writer, "v"u8, effect.ProofVersion);
        if (effect.NotifyType is { } type)
            writer.WriteNumber("t"u8, (int)type);
        Number(writer, "q"u8, effect.Sequence);
        Number(writer, "dr"u8, effect.Dropped);
        Text(writer, "d"u8, effect.Detail);
        Time(writer, "pa"u8, effect.ProvenAt);
        Text(writer, "sl"u8, effect.SetupLinkId);
        Text(writer, "tp"u8, effect.TraceParent);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, TimelineEntry line)
    {
        writer.WriteStartObject();
        Time(writer, "at"u8, line.At);
        Time(writer, "la"u8, line.RepeatedAt);
        Number(writer, "n"u8, line.Repeats);
        writer.WriteNumber("so"u8, (int)line.Source);
        Text(writer, "ev"u8, line.Event);
        writer.WriteNumber("o"u8, (int)line.Outcome);
        Text(writer, "id"u8, line.DeliveryId);
        Text(writer, "d"u8, line.Detail);
        Text(writer, "p"u8, line.PhoneNumberId);
        Text(writer, "t"u8, line.TraceId);
        Text(writer, "b"u8, line.By);
        Flag(writer, "pr"u8, line.Proof);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    private static void Told(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ToldText? told)
    {
        if (told is null)
            return;
        writer.WriteStartObject(name);
        writer.WriteString("v"u8, told.Value);
        Time(writer, "at"u8, told.At);
        writer.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long value)
    {
        if (value != 0)
            writer.WriteNumber(name, value);
    }

    private static void Flag(Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
            writer.WriteBoolean(name, value);
    }

    private static void Time(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset value)
    {
        if (value != default)
            writer.WriteNumber(name, value.ToUnixTimeMilliseconds());
    }

    private static void Time(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is { } time)
            writer.WriteNumber(name, time.ToUnixTimeMilliseconds());
    }
}
