using System.Text;
using System.Text.Json;

namespace Kapso.Engines.Transfer;

/// <summary>Reads and writes transfers: JSON lines, UTF-8.</summary>
public static class TransferFile
{
    /// <summary>The version of the form that this code writes. A reader accepts this one and older ones.</summary>
    public const int Version = 2;

    /// <summary>The version of a file without audit and receivers, which earlier versions read as well.</summary>
    public const int FirstVersion = 1;

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>Writes one line.</summary>
    public static void Write(Stream stream, TransferItem item)
    {
        ArgumentNullException.ThrowIfNull(stream);

        stream.Write(JsonSerializer.SerializeToUtf8Bytes(item, TransferJson.Default.TransferItem));
        stream.Write(NewLine);
    }

    /// <summary>Reads a transfer to its end.</summary>
    /// <exception cref="TransferException">It is not a transfer, was cut off, or was written by a newer version.</exception>
    public static IEnumerable<TransferItem> Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ReadLines(stream);
    }

    private static IEnumerable<TransferItem> ReadLines(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        var counted = new TransferEnd(0, 0, 0);
        var number = 0L;
        var ended = false;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (ended)
                throw new TransferException($"Line {number} comes after the end of the transfer.");
            var item = Parse(line, number);
            if (number == 1 != item is TransferStart)
                throw new TransferException($"Line {number} was expected to be {(number == 1 ? "the start of a transfer" : "a part of it")}.");

            switch (item)
            {
                case TransferStart { Version: > Version } newer:
                    throw new TransferException($"It has version {newer.Version}; this version of Kapso reads up to {Version}.");
                case TransferEnd end when end != counted:
                    throw new TransferException($"It says that it has {end} and has {counted}: parts of it are missing.");
                case TransferEnd:
                    ended = true;
                    break;
                case TransferredCustomer:
                    counted = counted with { Customers = counted.Customers + 1 };
                    break;
                case TransferredParked:
                    counted = counted with { Parked = counted.Parked + 1 };
                    break;
                case TransferredHint:
                    counted = counted with { Hints = counted.Hints + 1 };
                    break;
                case TransferredAudit:
                    counted = counted with { Audit = (counted.Audit ?? 0) + 1 };
                    break;
            }

            yield return item;
        }

        if (!ended)
            throw new TransferException($"It has no end after {number} lines: it was cut off.");
    }

    private static TransferItem Parse(string line, long number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, TransferJson.Default.TransferItem)
                ?? throw new TransferException($"Line {number} is null.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new TransferException($"Line {number} cannot be read: {exception.Message}", exception);
        }
    }
}
