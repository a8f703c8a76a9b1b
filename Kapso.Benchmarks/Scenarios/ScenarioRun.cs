using System.Diagnostics;
using Kapso.Benchmarks.Load;

namespace Kapso.Benchmarks.Scenarios;

/// <summary>Runs one scenario against one target: warm up, measure, wait for the outbox, look everything up.</summary>
internal static class ScenarioRun
{
    private const int SignedForWarmUp = 100_000;

    /// <summary>A warm process is faster than a cold one: so many more are signed ahead than the warm-up suggests.</summary>
    private const double SigningMargin = 2;

    public static async Task<ScenarioReport> RunAsync(
        Target target, ReceiverProcess? receiver, ScenarioPlan plan, CancellationToken cancellation)
    {
        // The empty endpoint verifies nothing.
        var expected = plan.Scenario == Scenario.Invalid && target.Stored is not null
            ? StatusCodes.Status401Unauthorized
            : StatusCodes.Status200OK;
        using var deliveries = new Deliveries(plan.Scenario, target.Webhook, target.Credentials);
        using var generator = new LoadGenerator(
            await target.ResolveAsync(cancellation), plan.Connections, deliveries, expected);

        deliveries.SignAhead(SignedForWarmUp);
        generator.Answered.EnsureCapacity(SignedForWarmUp);
        var warmUp = generator.Run(plan.WarmUp, rate: null, cancellation);
        var drain = receiver is null ? null : new OutboxDrain(target, receiver);
        if (drain is not null)
        {
            await drain.WaitAsync(generator.Answered.Count, cancellation);
        }

        var ahead = generator.Sent + (int)((plan.Rate ?? (warmUp.PerSecond * SigningMargin)) * plan.Duration.TotalSeconds);
        deliveries.SignAhead(ahead);
        generator.Answered.EnsureCapacity(ahead);
        GC.Collect();

        long? scriptsBefore = target.Redis is null ? null : await target.Redis.CountScriptsAsync(cancellation);
        var processorsBefore = target.ReadProcessorTimes();
        var start = Stopwatch.GetTimestamp();
        var load = generator.Run(plan.Duration, plan.Rate, cancellation);
        TimeSpan? settled = null;
        if (drain is not null)
        {
            await drain.WaitAsync(generator.Answered.Count, cancellation);
            settled = Stopwatch.GetElapsedTime(start);
        }

        var processors = target.ReadProcessorTimes();
        var scripts = target.Redis is { } redis ? await redis.CountScriptsAsync(cancellation) - scriptsBefore : null;
        ProcessMemory? memory = target.Processes.Count == 0
            ? null
            : target.Processes.Where(process => !process.IsStore).Select(process => ProcessMemory.Read(process.Id)).Aggregate((one, other) => one + other);
        long? storeMemory = target.Processes.FirstOrDefault(process => process.IsStore) is { } store ? ProcessFamily.ReadMemory(store.Id) : null;

        await Console.Error.WriteLineAsync("  looking every delivery up …");
        var lookUp = new LookUp(target, receiver, deliveries, generator.Answered);
        var failures = await lookUp.FindFailuresAsync(plan.Scenario, cancellation);
        return new ScenarioReport
        {
            Target = target.Name,
            Plan = plan,
            Load = load,
            WarmUpErrors = warmUp.Errors,
            UntilSettled = settled,
            Welcomes = receiver is null ? null : await receiver.CountAsync(cancellation),
            Memory = memory,
            StoreMemory = storeMemory,
            ProcessorTimes = processors.ToDictionary(kind => kind.Key, kind => kind.Value - processorsBefore[kind.Key]),
            RedisScripts = scripts,
            LookedUp = target.Stored is null ? 0 : generator.Answered.Count,
            Failures = failures,
            Late = lookUp.Late,
        };
    }
}
