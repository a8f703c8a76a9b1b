using System.Net;
using System.Net.Sockets;
using System.Text;
using Kapso.Connections;
using Kapso.ServiceDefaults;
using Kapso.Tests.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Kapso.Tests.Platform;

// Listens to all spans of this process, and must not run beside a test that wants none.
[Collection(RunsAlone.Name)]
public sealed partial class ServiceDefaultsTests
{
    private const string State = "3f9c2f6c0d4b4b0f8f1f5f4a2f3c9d10";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Traces_metrics_and_logs_are_exported_and_hold_no_state()
    {
        await using var collector = await Collector.StartAsync();

        await using (var service = Build(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "60000")))
        {
            service.MapGet("/whatsapp/success/{state}", (ILogger<ServiceDefaultsTests> logger) =>
            {
                using var decision = KapsoTelemetry.ActivitySource.StartActivity("kapso.observe");
                LogRedirect(logger);
                return HttpStatusCode.OK;
            });
            await service.StartAsync();
            await GetAsync(new Uri(service.AddressOfServer()), $"/whatsapp/success/{State}?phone_number_id=55501");
            await FlushedAsync(service, collector, "/v1/metrics", "http.server.request.duration");
            await FlushedAsync(service, collector, "/v1/logs", "A redirect came.");
            await FlushedAsync(service, collector, "/v1/traces", "kapso.observe");
            await FlushedAsync(service, collector, "/v1/traces", "/whatsapp/success/{hidden}");
        }

        Assert.DoesNotContain(collector.Exported, message => Has(message.Body, State));
        Assert.DoesNotContain(collector.Exported, message => Has(message.Body, "55501"));
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_is_collected()
    {
        await using var service = Build();

        Assert.Null(service.Services.GetService<TracerProvider>());
    }

    [Fact]
    public async Task The_framework_does_not_log_the_paths_of_requests()
    {
        await using var service = Build(("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Trace"));

        var logger = service.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics");

        Assert.False(logger.IsEnabled(LogLevel.Information));
    }

    // The server ends its span and its measurement after the browser has the answer: flushed until they have come.
    private static async Task FlushedAsync(WebApplication service, Collector collector, string path, string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!collector.Exported.Any(message => message.Path == path && Has(message.Body, text)))
        {
            Assert.False(patience.IsCancellationRequested, $"'{text}' was expected at {path} within {Patience}.");
            service.Services.GetRequiredService<TracerProvider>().ForceFlush();
            service.Services.GetRequiredService<MeterProvider>().ForceFlush();
            service.Services.GetRequiredService<LoggerProvider>().ForceFlush();
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    // Over a bare socket: the span of an HttpClient in this process would be exported as well, with the URL.
    private static async Task GetAsync(Uri server, string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("HTTP/1.1 200 ", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [LoggerMessage(1, LogLevel.Warning, "A redirect came.")]
    private static partial void LogRedirect(ILogger logger);

    private static bool Has(string body, string text) => body.Contains(text, StringComparison.Ordinal);

    private static WebApplication Build(params (string Setting, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Setting, (string?)setting.Value)));
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.AddServiceDefaults();
        return builder.Build();
    }
}
