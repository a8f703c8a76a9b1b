using System.Net.Sockets;
using System.Text;
using Kapso.ServiceDefaults;
using Kapso.Tests.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Kapso.Tests.Platform;

/// <summary>A host in this process that exports its telemetry, and the collector that it exports to.</summary>
internal sealed class Exporting : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private Exporting(WebApplication service, Collector collector) => (Service, Collector) = (service, collector);

    public WebApplication Service { get; }

    public Collector Collector { get; }

    public static async Task<Exporting> StartAsync(Action<WebApplication> map, params (string Setting, string Value)[] settings)
    {
        var collector = await Collector.StartAsync();
        var service = Build(
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "60000"),
            .. settings,
        ]);
        map(service);
        await service.StartAsync();
        return new Exporting(service, collector);
    }

    public static WebApplication Build(params (string Setting, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Setting, (string?)setting.Value)));
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.AddServiceDefaults();
        return builder.Build();
    }

    public static bool Has(string body, string text) => body.Contains(text, StringComparison.Ordinal);

    /// <summary>All that was exported of a signal: <c>traces</c>, <c>metrics</c>, <c>logs</c>.</summary>
    public string Exported(string signal) =>
        string.Concat(Collector.Exported.Where(message => message.Path == "/v1/" + signal).Select(message => message.Body));

    // The server ends its span and its measurement after the browser has the answer: flushed until they have come.
    public async Task UntilExportedAsync(string signal, string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Has(Exported(signal), text))
        {
            Assert.False(patience.IsCancellationRequested, $"'{text}' was expected among the {signal} within {Patience}.");
            Service.Services.GetRequiredService<TracerProvider>().ForceFlush();
            Service.Services.GetRequiredService<MeterProvider>().ForceFlush();
            Service.Services.GetRequiredService<LoggerProvider>().ForceFlush();
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    // Over a bare socket: the span of an HttpClient in this process would be exported as well, with the URL.
    public async Task<string> GetAsync(string path)
    {
        var server = new Uri(Service.AddressOfServer());
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Collector.DisposeAsync();
    }
}
