using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Benchmarks.AspNetPeer;

/// <summary>The body of a webhook that says that a customer connected a number.</summary>
internal sealed record Delivery(string? PhoneNumberId, Reference? Project, Reference? Customer)
{
    public const string Created = "whatsapp.phone_number.created";
    private const int MaxIdLength = 128;

    /// <summary>The whole body as it came.</summary>
    /// <exception cref="BadHttpRequestException">It is larger than the server takes.</exception>
    public static async Task<byte[]> ReadAsync(PipeReader reader, CancellationToken cancellation)
    {
        var read = await reader.ReadAsync(cancellation);
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync(cancellation);
        }

        var body = read.Buffer.ToArray();
        reader.AdvanceTo(read.Buffer.End);
        return body;
    }

    /// <summary>Whether the header is the body's HMAC, compared in constant time.</summary>
    public static bool IsAuthentic(ReadOnlySpan<byte> body, string? header, ReadOnlySpan<byte> secret)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, body, expected);
        return Convert.FromHexString(header.AsSpan(), given, out _, out var written) == OperationStatus.Done
            && written == given.Length
            && CryptographicOperations.FixedTimeEquals(given, expected);
    }

    /// <summary>What the body says; null where it is no such body.</summary>
    public static Delivery? TryParse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, PeerJson.Default.Delivery) is { } delivery
                && IsId(delivery.PhoneNumberId) && IsId(delivery.Customer?.Id)
                ? delivery
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsId(string? value) => value is { Length: > 0 and <= MaxIdLength };
}

/// <summary>A project or a customer.</summary>
internal sealed record Reference(string? Id);

/// <summary>A page of customers.</summary>
internal sealed record Page(IReadOnlyList<PageItem> Items, string? NextCursor);

/// <summary>A customer of a page.</summary>
internal sealed record PageItem(string CustomerId);

/// <summary>How many welcomes are not settled.</summary>
internal sealed record Outbox(long Unsettled);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Delivery))]
internal sealed partial class PeerJson : JsonSerializerContext;
