using System.Diagnostics;
using System.Net;
using Kapso.Silo.Tests.Processes;
using Kapso.Tests;
using Kapso.Tests.Crash;

namespace Kapso.Silo.Tests.Telemetry;

/// <summary>What the processes of the distributed service export, taken by a receiver of telemetry.</summary>
public sealed class TraceTests
{
    private const string Api = "Kapso.Api";
    private const string Silo = "Kapso.Silo";
    private const string Calls = "Microsoft.Orleans.Application";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task One_trace_runs_from_the_webhook_through_the_grain_to_the_welcome_and_Orleans_is_measured()
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var telemetry = await TelemetryReceiver.StartAsync();
        await using var receiver = await WelcomeReceiver.StartAsync();
        var settings = CrashProject.Settings(receiver.Address, parallelism: 8);
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = telemetry.Address.ToString();
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        settings["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        settings["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        await using var service = await ServiceProcesses.StartAsync(settings, patience.Token);
        using var operations = CrashProject.Operator(service.Api);

        // The first delivery after the start may find no silo yet: it is parked, and no call belongs to its trace. Once its
        // connection can be read, the API reaches the silos.
        await WelcomeAsync(operations, Delivery.New(1), patience.Token);
        var welcome = await WelcomeAsync(operations, Delivery.New(2), patience.Token);

        var trace = ActivityContext.Parse(receiver.TraceParents[welcome], null).TraceId.ToHexString();
        (string Process, string Source, string? Name)[] parts =
        [
            (Api, "Microsoft.AspNetCore", null), (Api, Calls, null), (Silo, Calls, null),
            (Silo, "Kapso", "kapso.observe"), (Silo, "Kapso", "kapso.effect"), (Silo, "System.Net.Http", null),
        ];
        foreach (var (process, source, name) in parts)
        {
            await Wait.ForAsync(
                () => telemetry.Spans.Any(span => span.TraceId == trace && span.Process == process && span.Source == source
                    && (name is null || span.Name == name)),
                $"a span of {process} and {source} in the welcome's trace");
        }

        foreach (var process in (string[])[Api, Silo])
        {
            await Wait.ForAsync(
                () => telemetry.Meters.ContainsKey((process, "Microsoft.Orleans")), $"Orleans' meter of {process}");
        }
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
