using System.Buffers;
using System.Buffers.Text;

namespace Kapso.Benchmarks.Servers;

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

    /// <summary>Serves until the process is told to stop.</summary>
    public static async Task RunAsync(int port)
    {
        var receiver = new WelcomeReceiver();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var app = builder.Build();
        app.MapGet("/alive", () => Results.Ok());
        app.MapGet("/count", () => Results.Json(receiver.Count(), ReceiverJson.Default.WelcomeCount));
        app.MapGet("/customers", (int? last) => Results.Bytes(receiver.Customers(last ?? int.MaxValue)));
        app.MapPost("/welcome", (RequestDelegate)receiver.ReceiveAsync);
        await app.RunAsync();
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

    private byte[] Customers(int last)
    {
        lock (guard)
        {
            var count = Math.Clamp(last, 0, customers.Count);
            var bytes = new byte[count * 16];
            for (var index = 0; index < count; index++)
            {
                customers[customers.Count - count + index].TryWriteBytes(bytes.AsSpan(index * 16));
            }

            return bytes;
        }
    }
}
