using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Kapso.Benchmarks.Servers;

/// <summary>What a receiver of welcomes has seen.</summary>
/// <param name="Distinct">Distinct ids.</param>
/// <param name="Repeats">Requests whose id was known already.</param>
/// <param name="Malformed">Requests without an id or without a customer.</param>
internal sealed record WelcomeCount(long Distinct, long Repeats, long Malformed);

/// <summary>
/// The company's application that is told of each connected customer (Standard Webhooks). Counts distinct
/// <c>webhook-id</c>s and raw repeats, and keeps which customers were welcomed.
/// </summary>
internal sealed class WelcomeReceiver
{
    private readonly Lock guard = new();
    private readonly HashSet<string> ids = [];
    private readonly List<Guid> customers = [];
    private long repeats;
    private long malformed;

    public static Task RunAsync(int port, CancellationToken cancellation)
    {
        var receiver = new WelcomeReceiver();
        return LoopbackServer.RunAsync(
            port,
            routes =>
            {
                routes.MapGet("/count", receiver.Count);
                routes.MapGet("/customers", (int? last) => Results.Bytes(receiver.Customers(last ?? int.MaxValue)));
                routes.MapPost("/welcome", (RequestDelegate)receiver.ReceiveAsync);
            },
            cancellation);
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync();
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }

        var known = TryFindCustomer(read.Buffer, out var customer);
        reader.AdvanceTo(read.Buffer.End);
        string? id = context.Request.Headers["webhook-id"];

        lock (guard)
        {
            if (!known || string.IsNullOrEmpty(id))
            {
                malformed++;
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
            }
            else if (ids.Add(id))
            {
                customers.Add(customer);
            }
            else
            {
                repeats++;
            }
        }
    }

    private static bool TryFindCustomer(in ReadOnlySequence<byte> body, out Guid customer)
    {
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        var name = "\"customer_id\""u8;
        var at = bytes.IndexOf(name);
        if (at < 0)
        {
            customer = default;
            return false;
        }

        var value = bytes[(at + name.Length)..].TrimStart(" :\""u8);
        return Utf8Parser.TryParse(value, out customer, out _);
    }

    private WelcomeCount Count()
    {
        lock (guard)
        {
            return new WelcomeCount(ids.Count, repeats, malformed);
        }
    }

    /// <summary>Those welcomed last, 16 bytes each.</summary>
    private byte[] Customers(int last)
    {
        lock (guard)
        {
            var count = Math.Clamp(last, 0, customers.Count);
            return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(customers)[^count..]).ToArray();
        }
    }
}
