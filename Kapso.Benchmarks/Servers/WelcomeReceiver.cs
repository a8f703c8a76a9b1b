using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Kapso.Benchmarks.Servers;

/// <summary>What a receiver of welcomes has seen.</summary>
/// <param name="Distinct">Distinct ids.</param>
/// <param name="Repeats">Requests whose id was known already.</param>
/// <param name="Malformed">Requests without an id or without a customer.</param>
internal sealed record WelcomeCount(long Distinct, long Repeats, long Malformed);

/// <summary>A welcome that was taken.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="Ticks">When it was answered the first time, in ticks of UTC.</param>
internal readonly record struct TakenWelcome(Guid Customer, long Ticks)
{
    public DateTime TakenAt => new(Ticks, DateTimeKind.Utc);
}

/// <summary>
/// The company's application that is told of each connected customer (Standard Webhooks). Counts distinct
/// <c>webhook-id</c>s and raw repeats, and keeps which customers were welcomed, and when.
/// Takes its time for each, and counts none whose sender did not wait.
/// </summary>
internal sealed class WelcomeReceiver(TimeSpan delay)
{
    private readonly Lock guard = new();
    private readonly HashSet<string> ids = [];
    private readonly List<TakenWelcome> welcomes = [];
    private long repeats;
    private long malformed;

    public static Task RunAsync(int port, TimeSpan delay, CancellationToken cancellation)
    {
        var receiver = new WelcomeReceiver(delay);
        return LoopbackServer.RunAsync(
            port,
            routes =>
            {
                routes.MapGet("/count", receiver.Count);
                routes.MapGet("/welcomes", (int? last) => Results.Bytes(receiver.Welcomes(last ?? int.MaxValue)));
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
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, context.RequestAborted);
        }

        lock (guard)
        {
            if (!known || string.IsNullOrEmpty(id))
            {
                malformed++;
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
            }
            else if (ids.Add(id))
            {
                welcomes.Add(new TakenWelcome(customer, DateTime.UtcNow.Ticks));
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

    /// <summary>Those taken last, as they lie in memory.</summary>
    private byte[] Welcomes(int last)
    {
        lock (guard)
        {
            var count = Math.Clamp(last, 0, welcomes.Count);
            return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(welcomes)[^count..]).ToArray();
        }
    }
}
