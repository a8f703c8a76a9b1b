using System.Collections.Concurrent;
using System.Text;

namespace Kapso.Tests.Hosting;

/// <summary>Takes telemetry over OTLP (HTTP, protobuf) on a free port, and keeps it as bytes, one character each.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _application;

    private Collector(WebApplication application) => _application = application;

    public ConcurrentQueue<(string Path, string Body)> Exported { get; } = [];

    public string Address => _application.AddressOfServer();

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        collector._application.MapPost("/v1/{signal}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            collector.Exported.Enqueue((request.Path, Encoding.Latin1.GetString(body.ToArray())));
            return Results.Bytes([], "application/x-protobuf");
        });
        await collector._application.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
