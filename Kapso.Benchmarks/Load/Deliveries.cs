using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kapso.Benchmarks.Scenarios;

namespace Kapso.Benchmarks.Load;

/// <summary>
/// Deliveries by number: the ids of each are computed from its number, its signature is computed before the
/// clock starts and kept (32 bytes each), and its request is one template whose fixed places are patched.
/// Not thread-safe.
/// </summary>
internal sealed class Deliveries : IDisposable
{
    private const string Nil = "00000000-0000-0000-0000-000000000000";
    private const int BlockSize = 65_536;
    private const int SignatureSize = SHA256.HashSizeInBytes;

    private readonly Scenario scenario;
    private readonly HMACSHA256 hmac;
    private readonly ulong seed = (ulong)Random.Shared.NextInt64();
    private readonly List<byte[]> signatures = [];
    private readonly byte[] request;
    private readonly int signatureAt;
    private readonly int keyAt;
    private readonly int numberAt;
    private readonly int customerAt;
    private readonly int bodyAt;
    private readonly long firstNumber;

    public Deliveries(Scenario scenario, Uri webhook, TargetCredentials credentials)
    {
        this.scenario = scenario;
        hmac = new HMACSHA256(Encoding.UTF8.GetBytes(credentials.WebhookSecret));
        firstNumber = 1_000_000_000_000_000 + (Random.Shared.NextInt64(10_000_000) * 100_000_000);

        var body = $$$"""{"phone_number_id":"{{{firstNumber}}}","project":{"id":"{{{credentials.ProjectId}}}"},"customer":{"id":"{{{Nil}}}"}}""";
        var head = $"""
            POST {webhook.PathAndQuery} HTTP/1.1
            Host: {webhook.Authority}
            Content-Type: application/json
            X-Webhook-Event: whatsapp.phone_number.created
            X-Webhook-Signature: {new string('0', SignatureSize * 2)}
            X-Idempotency-Key: {Nil}
            X-Webhook-Payload-Version: v2
            Content-Length: {Encoding.UTF8.GetByteCount(body)}


            """.ReplaceLineEndings("\r\n");
        request = Encoding.UTF8.GetBytes(head + body);
        bodyAt = Encoding.UTF8.GetByteCount(head);
        signatureAt = After("X-Webhook-Signature: "u8);
        keyAt = After("X-Idempotency-Key: "u8);
        numberAt = After("\"phone_number_id\":\""u8);
        customerAt = After("\"customer\":{\"id\":\""u8);
    }

    /// <summary>How many deliveries are signed already.</summary>
    public int Signed { get; private set; }

    /// <summary>The customer a delivery is about.</summary>
    public Guid Customer(int delivery) => Id((ulong)Source(delivery) * 2);

    /// <summary>Signs up to this many deliveries ahead, so that signing costs nothing while the clock runs.</summary>
    public void SignAhead(int count)
    {
        if (scenario == Scenario.Duplicates)
        {
            count = Math.Min(count, 1);
        }

        while (Signed < count)
        {
            SignNext();
        }
    }

    /// <summary>The bytes of one delivery's request; valid until the next call.</summary>
    public ReadOnlySpan<byte> Request(int delivery)
    {
        delivery = Source(delivery);
        while (Signed <= delivery)
        {
            SignNext();
        }

        PatchBody(delivery);
        Write(keyAt, Id(((ulong)delivery * 2) + 1));
        Convert.TryToHexStringLower(Signature(delivery), request.AsSpan(signatureAt), out _);
        if (scenario == Scenario.Invalid)
        {
            request[signatureAt] = request[signatureAt] == (byte)'0' ? (byte)'1' : (byte)'0';
        }

        return request;
    }

    public void Dispose() => hmac.Dispose();

    private int Source(int delivery) => scenario == Scenario.Duplicates ? 0 : delivery;

    private void SignNext()
    {
        if (Signed % BlockSize == 0)
        {
            signatures.Add(new byte[BlockSize * SignatureSize]);
        }

        PatchBody(Signed);
        Signed++;
        hmac.TryComputeHash(request.AsSpan(bodyAt), Signature(Signed - 1), out _);
    }

    private Span<byte> Signature(int delivery) =>
        signatures[delivery / BlockSize].AsSpan(delivery % BlockSize * SignatureSize, SignatureSize);

    private void PatchBody(int delivery)
    {
        (firstNumber + delivery).TryFormat(request.AsSpan(numberAt), out _, provider: CultureInfo.InvariantCulture);
        Write(customerAt, Id((ulong)delivery * 2));
    }

    private void Write(int at, Guid id) => id.TryFormat(request.AsSpan(at), out _);

    /// <summary>A random-looking UUID (version 4): two steps of SplitMix64, so that indexes get no order to lean on.</summary>
    private Guid Id(ulong position)
    {
        var high = (Mix(seed + (position * 2)) & 0xffff_ffff_ffff_0fff) | 0x4000;
        var low = (Mix(seed + (position * 2) + 1) & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000;
        return new Guid(
            (uint)(high >> 32), (ushort)(high >> 16), (ushort)high,
            (byte)(low >> 56), (byte)(low >> 48), (byte)(low >> 40), (byte)(low >> 32),
            (byte)(low >> 24), (byte)(low >> 16), (byte)(low >> 8), (byte)low);
    }

    private static ulong Mix(ulong value)
    {
        value *= 0x9e37_79b9_7f4a_7c15;
        value = (value ^ (value >> 30)) * 0xbf58_476d_1ce4_e5b9;
        value = (value ^ (value >> 27)) * 0x94d0_49bb_1331_11eb;
        return value ^ (value >> 31);
    }

    private int After(ReadOnlySpan<byte> marker) => request.AsSpan().IndexOf(marker) + marker.Length;
}
