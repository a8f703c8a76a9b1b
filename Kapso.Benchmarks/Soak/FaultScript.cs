namespace Kapso.Benchmarks.Soak;

/// <summary>
/// Does one thing after the other to a cluster, by a seed: every kind once before any comes again. After each it starts what ended by
/// itself, as a service manager does, and waits until the cluster is well.
/// </summary>
internal sealed class FaultScript(ClusterProcesses cluster, Random random)
{
    private static readonly TimeSpan BetweenFaults = TimeSpan.FromSeconds(4);

    /// <summary>The longest that a fault takes to heal: a start, three times what a silo is given before it counts as dead, and a margin.</summary>
    private static readonly TimeSpan HealsWithin = TimeSpan.FromMinutes(2);

    private readonly Queue<SoakFault> next = new();

    /// <summary>How often each was survived.</summary>
    public Dictionary<SoakFault, int> Survived { get; } = [];

    /// <summary>Processes that ended by themselves and were started again: silos that were taken for dead.</summary>
    public int Restarts { get; private set; }

    /// <summary>Goes on until the time is over, and returns when the cluster is well.</summary>
    /// <exception cref="BenchmarkException">It did not become well again.</exception>
    public async Task RunAsync(TimeSpan time, CancellationToken cancellation)
    {
        var end = DateTime.UtcNow + time;
        while (DateTime.UtcNow < end)
        {
            var fault = Next();
            await DoAsync(fault, cancellation);
            await HealAsync(fault, cancellation);
            Survived[fault] = Survived.GetValueOrDefault(fault) + 1;
            await Task.Delay(BetweenFaults, cancellation);
        }
    }

    private SoakFault Next()
    {
        if (next.Count == 0)
        {
            var all = Enum.GetValues<SoakFault>();
            random.Shuffle(all);
            Array.ForEach(all, next.Enqueue);
        }

        return next.Dequeue();
    }

    private async Task DoAsync(SoakFault fault, CancellationToken cancellation)
    {
        var silo = random.Next(cluster.Size.Silos);
        var api = random.Next(cluster.Size.Apis);
        var pause = TimeSpan.FromSeconds(random.Next(1, 6));
        var freeze = TimeSpan.FromSeconds(random.Next(1, 16));
        await Console.Error.WriteLineAsync($"  {DateTime.UtcNow:HH:mm:ss} {fault}, silo {silo + 1}, {pause.TotalSeconds} s, {freeze.TotalSeconds} s frozen");
        switch (fault)
        {
            case SoakFault.SiloKilled:
                await cluster.KillSiloAsync(silo);
                break;
            case SoakFault.SiloStopped:
                await cluster.StopSiloAsync(silo);
                break;
            case SoakFault.SiloFrozen:
                await cluster.FreezeAsync(isSilo: true, silo, freeze, cancellation);
                break;
            case SoakFault.ApiKilled:
                await cluster.KillApiAsync(api);
                break;
            case SoakFault.ApiStopped:
                await cluster.StopApiAsync(api);
                break;
            case SoakFault.ApiFrozen:
                await cluster.FreezeAsync(isSilo: false, api, freeze, cancellation);
                break;
            case SoakFault.RedisFrozen:
                await cluster.Redis.FreezeAsync(freeze, cancellation);
                break;
            case SoakFault.RedisFull:
                await cluster.Redis.SetFullAsync(full: true, cancellation);
                await Task.Delay(pause, cancellation);
                await cluster.Redis.SetFullAsync(full: false, cancellation);
                break;
            default:
                await cluster.Redis.StopAsync(kill: fault != SoakFault.RedisStopped);
                if (fault == SoakFault.RedisTorn)
                {
                    cluster.Redis.TearLastCommand();
                }

                await Task.Delay(pause, cancellation);
                await cluster.Redis.RestartAsync(cancellation);
                break;
        }

        await Task.Delay(pause, cancellation);
    }

    /// <summary>A silo that was taken for dead finds that out and ends a moment after it lives again: so it is looked at until all are well.</summary>
    private async Task HealAsync(SoakFault fault, CancellationToken cancellation)
    {
        var end = DateTime.UtcNow + HealsWithin;
        do
        {
            if (DateTime.UtcNow > end)
            {
                throw new BenchmarkException($"The cluster was not well {HealsWithin.TotalMinutes:N0} minutes after {fault}.");
            }

            var started = await cluster.StartEndedAsync();
            Restarts += fault is SoakFault.SiloFrozen or SoakFault.RedisFrozen or SoakFault.ApiFrozen ? started : 0;
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
        while (!await cluster.IsWellAsync(cancellation));
    }
}
