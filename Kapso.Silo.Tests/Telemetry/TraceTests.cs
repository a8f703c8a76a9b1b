using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Kapso.Silo.Tests.Processes;

namespace Kapso.Silo.Tests.Telemetry;

/// <summary>What the processes of the distributed service export, taken by a receiver of telemetry.</summary>
public sealed class TraceTests
{
    private const string Api = "Kapso.Api";
    private const string Silo = "Kapso.Silo";
    private const string Redis = "OpenTelemetry.Instrumentation.StackExchangeRedis";
    private const string Calls = "Microsoft.Orleans.Application";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task One_trace_runs_from_the_webhook_through_the_grain_to_the_welcome_and_Orleans_is_measured()
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var telemetry = await TelemetryReceiver.StartAsync();
        await using var receiver = await WelcomeReceiver.StartAsync();
        await using var service = await ServiceProcesses.StartAsync(Exporting(telemetry, receiver), patience.Token);
        using var operations = CrashProject.Operator(service.Api);

        // The first delivery after the start may find no silo yet: it is parked, and no call belongs to its trace. Once its
        // connection can be read, the API reaches the silos.
        await WelcomeAsync(operations, Delivery.New(1), patience.Token);
        var welcome = await WelcomeAsync(operations, Delivery.New(2), patience.Token);

        var trace = ActivityContext.Parse(receiver.TraceParents[welcome], null).TraceId.ToHexString();
        (string Process, string Source, string? Name)[] parts =
        [
            (Api, "Microsoft.AspNetCore", "POST /webhooks/project/{project_id}"), (Api, Calls, null), (Silo, Calls, null),
            (Silo, "Kapso", "kapso.observe"), (Silo, "Kapso", "kapso.effect"), (Silo, "System.Net.Http", "POST"),
            (Silo, Redis, null),
        ];
        foreach (var (process, source, name) in parts)
        {
            await Wait.ForAsync(
                () => telemetry.Spans.Any(span => span.TraceId == trace && span.Process == process && span.Source == source
                    && (name is null || span.Name == name)),
                $"a span of {process} and {source} in the welcome's trace");
        }

        // What nobody asked for: pings of the cluster, a sweep that finds nothing, a look at health.
        string[] begin = [.. telemetry.Spans.Where(span => span.ParentId.Length == 0).Select(span => span.Name).Distinct()];
        Assert.DoesNotContain(begin, name => name.Contains("/health", StringComparison.Ordinal) || !(name.StartsWith("kapso.", StringComparison.Ordinal) || name.Contains(" /", StringComparison.Ordinal)));

        foreach (var process in (string[])[Api, Silo])
        {
            await Wait.ForAsync(
                () => telemetry.Meters.ContainsKey((process, "Microsoft.Orleans")), $"Orleans' meter of {process}");
        }
    }

    [Fact]
    public async Task Nothing_that_is_exported_holds_a_state_a_secret_or_a_key_of_Redis()
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var telemetry = await TelemetryReceiver.StartAsync();
        await using var receiver = await WelcomeReceiver.StartAsync();
        await using var service = await ServiceProcesses.StartAsync(Exporting(telemetry, receiver), patience.Token);
        using var operations = CrashProject.Operator(service.Api);
        var delivery = Delivery.New(1);
        await WelcomeAsync(operations, delivery, patience.Token);

        using var created = await operations.PostAsync(CrashProject.ApiOf(delivery) + "/redirect_urls", null, patience.Token);
        var urls = JsonElement.Parse(await created.Content.ReadAsStringAsync(patience.Token));
        var state = urls.GetProperty("success_redirect_url").GetString()!.Split('/')[^1];
        using (var page = await operations.GetAsync($"/whatsapp/success/{state}?phone_number_id=5550100200", patience.Token))
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        // Spans of Redis come last, since they are gathered for some seconds.
        await Wait.ForAsync(
            () => telemetry.Spans.FirstOrDefault(span => span.Name == "GET /whatsapp/success/{state}") is { } page
                && telemetry.Spans.Any(span => span.TraceId == page.TraceId && span.Source == Redis),
            "a span of Redis in the trace of the success page");

        string[] secrets =
        [
            state, "5550100200", .. CrashProject.Secrets, "kapso/states", "kapso/links", "kapso/rows",
        ];
        foreach (var secret in secrets)
            Assert.DoesNotContain(telemetry.Bodies, body => body.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    private static Dictionary<string, string> Exporting(TelemetryReceiver telemetry, WelcomeReceiver receiver)
    {
        var settings = CrashProject.Settings(receiver.Address, parallelism: 8);
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = telemetry.Address.ToString();
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        settings["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        settings["OTEL_BLRP_SCHEDULE_DELAY"] = "200";
        settings["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        settings["Logging:LogLevel:Default"] = "Information";
        return settings;
    }

    /// <summary>The id of the delivery's welcome, once the service says that it is done.</summary>
    private static async Task<string> WelcomeAsync(HttpClient operations, Delivery delivery, CancellationToken cancellationToken)
    {
        Assert.Equal(HttpStatusCode.OK, await CrashProject.SendAsync(operations, delivery));
        string? welcome = null;
        await Wait.ForAsync(
            async () => await CrashProject.FindAsync(operations, delivery, cancellationToken) is { } connection
                && (welcome = CrashProject.WelcomeDone(connection, delivery)) is not null,
            $"the welcome of {delivery}");
        return welcome!;
    }
}
