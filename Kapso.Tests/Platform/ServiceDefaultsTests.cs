using System.Net;
using Kapso.ServiceDefaults;
using OpenTelemetry.Trace;

namespace Kapso.Tests.Platform;

// Listens to all spans of this process, and must not run beside a test that wants none.
[Collection(RunsAlone.Name)]
public sealed partial class ServiceDefaultsTests
{
    private const string State = "3f9c2f6c0d4b4b0f8f1f5f4a2f3c9d10";

    [Fact]
    public async Task Traces_metrics_and_logs_are_exported_and_hold_no_state()
    {
        await using var service = await Exporting.StartAsync(app => app.MapGet("/whatsapp/success/{state}", (ILogger<ServiceDefaultsTests> logger) =>
        {
            using var decision = KapsoTelemetry.ActivitySource.StartActivity("kapso.observe");
            LogRedirect(logger);
            return HttpStatusCode.OK;
        }));

        Assert.StartsWith("HTTP/1.1 200 ", await service.GetAsync($"/whatsapp/success/{State}?phone_number_id=55501"), StringComparison.Ordinal);
        await service.UntilExportedAsync("metrics", "http.server.request.duration");
        await service.UntilExportedAsync("logs", "A redirect came.");
        await service.UntilExportedAsync("traces", "kapso.observe");
        await service.UntilExportedAsync("traces", "GET /whatsapp/success/{state}");

        Assert.DoesNotContain(service.Collector.Exported, message => Exporting.Has(message.Body, State));
        Assert.DoesNotContain(service.Collector.Exported, message => Exporting.Has(message.Body, "55501"));
    }

    [Fact]
    public async Task Messages_are_exported_with_their_values()
    {
        await using var service = await Exporting.StartAsync(app => LogArrived(app.Logger, 3, "project-1"));

        await service.UntilExportedAsync("logs", "3 deliveries of project project-1 came.");
    }

    [Fact]
    public async Task Requests_for_health_are_no_traces()
    {
        await using var service = await Exporting.StartAsync(app =>
        {
            app.MapDefaultEndpoints();
            app.MapGet("/other", () => HttpStatusCode.OK);
        });

        Assert.StartsWith("HTTP/1.1 200 ", await service.GetAsync("/health"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await service.GetAsync("/alive"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await service.GetAsync("/other"), StringComparison.Ordinal);
        await service.UntilExportedAsync("traces", "GET /other");

        Assert.DoesNotContain("/health", service.Exported("traces"), StringComparison.Ordinal);
        Assert.DoesNotContain("/alive", service.Exported("traces"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silo", "silo")]
    [InlineData("", "Kapso.Tests")]
    public async Task A_process_is_called_as_the_environment_says_or_else_by_its_assembly(string environment, string expected)
    {
        await using var service = await Exporting.StartAsync(
            app => app.MapGet("/other", () => HttpStatusCode.OK),
            ("OTEL_SERVICE_NAME", environment), ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=instance-7"),
            (HostDefaults.ApplicationKey, "Kapso.Tests"));

        await service.GetAsync("/other");
        await service.UntilExportedAsync("traces", "GET /other");

        // The name and its length, as protobuf writes a string.
        Assert.Contains($"service.name\u0012{(char)(expected.Length + 2)}\n{(char)expected.Length}{expected}", service.Exported("traces"), StringComparison.Ordinal);
        Assert.Contains("instance-7", service.Exported("traces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_is_collected()
    {
        await using var service = Exporting.Build();

        Assert.Null(service.Services.GetService<TracerProvider>());
    }

    [Fact]
    public async Task The_framework_does_not_log_the_paths_of_requests()
    {
        await using var service = Exporting.Build(("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Trace"));

        var logger = service.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics");

        Assert.False(logger.IsEnabled(LogLevel.Information));
    }

    [Theory]
    [InlineData("Orleans.Runtime.SiloOptionsLogger", LogLevel.Information, false)]
    [InlineData("Orleans.Runtime.FatalErrorHandler", LogLevel.Error, true)]
    [InlineData("StackExchange.Redis.ConnectionMultiplexer", LogLevel.Error, false)]
    [InlineData("Polly", LogLevel.Information, false)]
    [InlineData("Microsoft.Hosting.Lifetime", LogLevel.Information, true)]
    [InlineData("Kapso.Platform.Reconciling.Reconciler", LogLevel.Information, true)]
    public async Task Logs_say_what_the_service_does_and_not_how_its_libraries_set_themselves_up(string category, LogLevel level, bool told)
    {
        await using var service = Exporting.Build();

        Assert.Equal(told, service.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(level));
    }

    [Fact]
    public async Task A_setting_goes_before_the_levels_that_are_built_in()
    {
        await using var service = Exporting.Build(("Logging:LogLevel:Orleans", "Debug"));

        Assert.True(service.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Orleans.Runtime.Silo").IsEnabled(LogLevel.Debug));
    }

    [LoggerMessage(1, LogLevel.Warning, "A redirect came.")]
    private static partial void LogRedirect(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "{Count} deliveries of project {ProjectId} came.")]
    private static partial void LogArrived(ILogger logger, int count, string projectId);
}
