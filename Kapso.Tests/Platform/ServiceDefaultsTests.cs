using System.Net;
using System.Net.Sockets;
using System.Text;
using Kapso.Connections;
using Kapso.ServiceDefaults;
using Kapso.Tests.Hosting;

namespace Kapso.Tests.Platform;

// Listens to all spans of this process, and must not run beside a test that wants none.
[Collection("Spans of this process")]
public sealed partial class ServiceDefaultsTests
{
    private const string State = "3f9c2f6c0d4b4b0f8f1f5f4a2f3c9d10";

    [Fact]
    public async Task Traces_metrics_and_logs_are_exported_and_hold_no_state()
    {
        await using var collector = await Collector.StartAsync();

        await using (var service = Build(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")))
        {
            service.MapGet("/whatsapp/success/{state}", (ILogger<ServiceDefaultsTests> logger) =>
            {
                using var decision = KapsoTelemetry.ActivitySource.StartActivity("kapso.observe");
                LogRedirect(logger);
                return HttpStatusCode.OK;
            });
            await service.StartAsync();
            await GetAsync(new Uri(service.AddressOfServer()), $"/whatsapp/success/{State}?phone_number_id=55501");
        } // disposing the host flushes what was recorded

        var exported = collector.Exported;
        Assert.Contains(exported, message => message.Path == "/v1/metrics" && Has(message.Body, "http.server.request.duration"));
        Assert.Contains(exported, message => message.Path == "/v1/logs" && Has(message.Body, "A redirect came."));
        Assert.Contains(exported, message => message.Path == "/v1/traces" && Has(message.Body, "kapso.observe"));
        Assert.Contains(exported, message => message.Path == "/v1/traces" && Has(message.Body, "/whatsapp/success/{hidden}"));
        Assert.DoesNotContain(exported, message => Has(message.Body, State));
        Assert.DoesNotContain(exported, message => Has(message.Body, "55501"));
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_is_collected()
    {
        await using var service = Build();

        Assert.Null(service.Services.GetService<OpenTelemetry.Trace.TracerProvider>());
    }

    [Fact]
    public async Task The_framework_does_not_log_the_paths_of_requests()
    {
        await using var service = Build(("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Trace"));

        var logger = service.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics");

        Assert.False(logger.IsEnabled(LogLevel.Information));
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
