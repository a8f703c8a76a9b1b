using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Kapso.Silo.Tests.Telemetry;

/// <summary>A span as it was exported.</summary>
/// <param name="Process">The service's name.</param>
/// <param name="Source">The trace source.</param>
/// <param name="TraceId">In hex.</param>
/// <param name="ParentId">In hex; empty where the trace begins.</param>
/// <param name="Name">The span's name.</param>
internal sealed record ExportedSpan(string Process, string Source, string TraceId, string ParentId, string Name);

/// <summary>Takes telemetry over OTLP (HTTP, protobuf) and keeps what the tests ask about.</summary>
internal sealed class TelemetryReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TelemetryReceiver(WebApplication app) => _app = app;

    public ConcurrentBag<ExportedSpan> Spans { get; } = [];

    /// <summary>Each process with the names of its meters.</summary>
    public ConcurrentDictionary<(string Process, string Meter), bool> Meters { get; } = new();

    /// <summary>Every request as it came, one character for each byte.</summary>
    public ConcurrentBag<string> Bodies { get; } = [];

    public Uri Address { get; private set; } = null!;

    public static async Task<TelemetryReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new TelemetryReceiver(builder.Build());
        receiver._app.MapPost("/v1/traces", (HttpContext request) => receiver.ReadAsync(request, receiver.TakeSpans));
        receiver._app.MapPost("/v1/metrics", (HttpContext request) => receiver.ReadAsync(request, receiver.TakeMeters));
        receiver._app.MapPost("/v1/logs", (HttpContext request) => receiver.ReadAsync(request, static (_, _) => { }));
        await receiver._app.StartAsync();
        receiver.Address = new Uri(
            receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Reads a request: resources (1), each with its attributes and, by scopes (2), what it exports.</summary>
    private async Task ReadAsync(HttpContext context, Action<string, ReadOnlyMemory<byte>> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Bodies.Add(Encoding.Latin1.GetString(body.ToArray()));
        foreach (var resource in Protobuf.All(body.ToArray(), 1))
        {
            var process = Protobuf.All(resource, 1).SelectMany(attributes => Protobuf.All(attributes, 1))
                .First(attribute => Protobuf.Text(attribute, 1) == "service.name");
            var name = Protobuf.Text(Protobuf.All(process, 2).First(), 1);
            foreach (var scope in Protobuf.All(resource, 2))
                take(name, scope);
        }
    }

    private static string NameOf(ReadOnlyMemory<byte> scope) => Protobuf.Text(Protobuf.All(scope, 1).First(), 1);

    private void TakeSpans(string process, ReadOnlyMemory<byte> scope)
    {
        foreach (var span in Protobuf.All(scope, 2))
        {
            var traceId = Convert.ToHexStringLower(Protobuf.All(span, 1).First().Span);
            var parentId = Convert.ToHexStringLower(Protobuf.All(span, 4).FirstOrDefault().Span);
            Spans.Add(new ExportedSpan(process, NameOf(scope), traceId, parentId, Protobuf.Text(span, 5)));
        }
    }

    private void TakeMeters(string process, ReadOnlyMemory<byte> scope) => Meters[(process, NameOf(scope))] = true;
}
