using System.Diagnostics;
using System.Net;

namespace Kapso.Benchmarks.Targets;

/// <summary>The assemblies of the distributed service.</summary>
/// <param name="Silo">Kapso.Silo.dll.</param>
/// <param name="Api">Kapso.Api.dll.</param>
internal sealed record ClusterHosts(string Silo, string Api)
{
    /// <summary>Finds them in a folder that they were published to, or publishes them from the checkout.</summary>
    /// <exception cref="LeftOutException">They are not there, or could not be built.</exception>
    public static async Task<ClusterHosts> PrepareAsync(Workspace workspace, string? folder, CancellationToken cancellation)
    {
        if (folder is not null)
        {
            var found = new ClusterHosts(
                Path.GetFullPath(Path.Combine(folder, "Kapso.Silo", "Kapso.Silo.dll")),
                Path.GetFullPath(Path.Combine(folder, "Kapso.Api", "Kapso.Api.dll")));
            return File.Exists(found.Silo) && File.Exists(found.Api)
                ? found
                : throw new LeftOutException($"{folder} does not hold Kapso.Silo/Kapso.Silo.dll and Kapso.Api/Kapso.Api.dll");
        }

        try
        {
            return new ClusterHosts(
                await workspace.PublishAsync("Kapso.Silo", cancellation), await workspace.PublishAsync("Kapso.Api", cancellation));
        }
        catch (BenchmarkException exception)
        {
            throw new LeftOutException($"its hosts could not be built: {exception.Message}");
        }
    }
}

/// <summary>The distributed service: Redis, silos and APIs, each in a process of its own that can be ended and started again.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    private readonly ClusterHosts hosts;
    private readonly TargetCredentials credentials;
    private readonly Uri? welcomes;
    private readonly ChildProcess?[] silos;
    private readonly ChildProcess?[] apis;
    private readonly (int Silo, int Gateway, int Health)[] ports;

    private ClusterProcesses(RedisProcess redis, ClusterHosts hosts, TargetCredentials credentials, Uri? welcomes, ClusterSize size)
    {
        (Redis, this.hosts, this.credentials, this.welcomes, Size) = (redis, hosts, credentials, welcomes, size);
        silos = new ChildProcess?[size.Silos];
        apis = new ChildProcess?[size.Apis];
        ports = [.. silos.Select(_ => NewPorts())];
        Addresses = [.. apis.Select(_ => new Uri($"http://127.0.0.1:{ChildProcess.FreePort()}"))];
    }

    public ClusterSize Size { get; }

    public RedisProcess Redis { get; }

    /// <summary>Where the APIs listen, also while they do not run.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Where the first API listens, also while it does not run.</summary>
    public Uri Address => Addresses[0];

    /// <summary>The silos that run.</summary>
    public IEnumerable<ChildProcess> Silos => silos.OfType<ChildProcess>();

    /// <summary>What runs, Redis included.</summary>
    public IReadOnlyList<TargetProcess> TargetProcesses =>
    [
        .. apis.OfType<ChildProcess>().Select(api => new TargetProcess("api", api.Id)),
        .. Silos.Select(silo => new TargetProcess("silo", silo.Id)),
        new TargetProcess("redis", Redis.ProcessId, IsStore: true),
    ];

    private IEnumerable<ChildProcess> Hosts => apis.OfType<ChildProcess>().Concat(Silos);

    /// <summary>Starts it with an empty store, and does not wait for more than Redis.</summary>
    /// <param name="workspace">Where the store goes.</param>
    /// <param name="hosts">What is started.</param>
    /// <param name="credentials">The project.</param>
    /// <param name="welcomes">Where welcomes are sent; null to have them logged.</param>
    /// <param name="size">How many processes it has.</param>
    /// <param name="count">How many of its silos are started.</param>
    /// <param name="cancellation">Stops the start.</param>
    /// <exception cref="LeftOutException">redis-server is not installed.</exception>
    public static async Task<ClusterProcesses> LaunchAsync(
        Workspace workspace, ClusterHosts hosts, TargetCredentials credentials, Uri? welcomes, ClusterSize size, int count, CancellationToken cancellation)
    {
        var cluster = new ClusterProcesses(await RedisProcess.StartAsync(workspace, cancellation), hosts, credentials, welcomes, size);
        cluster.LaunchHosts(count);
        return cluster;
    }

    /// <summary>Waits until every silo that runs says that it is ready, and a grain answers through every API.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(Enumerable.Range(0, silos.Length).Where(silo => silos[silo] is not null).Select(silo => WaitForSiloAsync(silo, cancellation)));
        await Task.WhenAll(apis.Zip(Addresses, (api, address) => api!.WaitUntilAsync(() => AnswersAsync(address, cancellation), cancellation)));
    }

    /// <summary>Whether every silo and every API runs and says that it is ready.</summary>
    public async Task<bool> IsWellAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            foreach (var address in Addresses.Concat(Enumerable.Range(0, silos.Length).Select(Health)))
            {
                using var answer = await client.GetAsync(new Uri(address, "/health"), cancellation);
                if (!answer.IsSuccessStatusCode)
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Ends every process, Redis last: each with a last word, or by SIGKILL.</summary>
    public async Task StopAsync(bool kill)
    {
        if (kill)
        {
            foreach (var process in Hosts)
            {
                process.Kill();
            }
        }

        await EndHostsAsync();
        await Redis.StopAsync(kill);
    }

    /// <summary>Starts every process again.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        await Redis.RestartAsync(cancellation);
        LaunchHosts(Size.Silos);
        await WaitUntilReadyAsync(cancellation);
    }

    /// <summary>Starts the hosts, and does not wait for them.</summary>
    public void LaunchHosts(int count)
    {
        for (var api = 0; api < apis.Length; api++)
        {
            apis[api] = LaunchApi(api);
        }

        for (var silo = 0; silo < count; silo++)
        {
            LaunchSilo(silo);
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillSiloAsync(int silo)
    {
        silos[silo]!.Kill();
        await silos[silo]!.DisposeAsync();
        silos[silo] = null;
    }

    /// <summary>SIGKILL.</summary>
    public Task KillApiAsync(int api)
    {
        apis[api]!.Kill();
        return StopApiAsync(api);
    }

    /// <summary>SIGTERM.</summary>
    public async Task StopApiAsync(int api)
    {
        await apis[api]!.DisposeAsync();
        apis[api] = null;
    }

    /// <summary>Stops a silo, or an API, for a while: SIGSTOP and SIGCONT.</summary>
    public Task FreezeAsync(bool isSilo, int index, TimeSpan time, CancellationToken cancellation) =>
        (isSilo ? silos : apis)[index]!.FreezeAsync(time, cancellation);

    /// <summary>Starts each host that does not run, whoever ended it, as a service manager does.</summary>
    /// <returns>How many.</returns>
    public async Task<int> StartEndedAsync()
    {
        var started = 0;
        for (var api = 0; api < apis.Length; api++)
        {
            started += await EndedAsync(apis, api) ? 1 : 0;
            apis[api] ??= LaunchApi(api);
        }

        for (var silo = 0; silo < silos.Length; silo++)
        {
            if (await EndedAsync(silos, silo))
            {
                started++;
                LaunchSilo(silo);
            }
        }

        return started;

        static async Task<bool> EndedAsync(ChildProcess?[] processes, int index)
        {
            if (processes[index] is { HasExited: true } ended)
            {
                await ended.DisposeAsync();
                processes[index] = null;
            }

            return processes[index] is null;
        }
    }

    /// <summary>SIGTERM; returns how long the stop took.</summary>
    public async Task<TimeSpan> StopSiloAsync(int silo)
    {
        var start = Stopwatch.GetTimestamp();
        await silos[silo]!.DisposeAsync();
        silos[silo] = null;
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Has a silo that does not run start on other ports, as on another machine.</summary>
    public void MoveSilo(int silo) => ports[silo] = NewPorts();

    /// <summary>Starts a silo and waits until it says that it is ready.</summary>
    public async Task StartSiloAsync(int silo, CancellationToken cancellation)
    {
        LaunchSilo(silo);
        await WaitForSiloAsync(silo, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await EndHostsAsync();
        await Redis.DisposeAsync();
    }

    private static (int Silo, int Gateway, int Health) NewPorts() => (ChildProcess.FreePort(), ChildProcess.FreePort(), ChildProcess.FreePort());

    private ChildProcess LaunchApi(int api) => Start($"API {api + 1}", hosts.Api, Settings(Addresses[api]));

    private void LaunchSilo(int silo)
    {
        var settings = Settings(Health(silo));
        settings["Orleans__Endpoints__SiloPort"] = $"{ports[silo].Silo}";
        settings["Orleans__Endpoints__GatewayPort"] = $"{ports[silo].Gateway}";
        silos[silo] = Start($"silo {silo + 1}", hosts.Silo, settings);
    }

    private Task WaitForSiloAsync(int silo, CancellationToken cancellation) =>
        silos[silo]!.WaitUntilReadyAsync(new Uri(Health(silo), "/health"), cancellation);

    private Uri Health(int silo) => new($"http://127.0.0.1:{ports[silo].Health}");

    private async Task EndHostsAsync()
    {
        await Task.WhenAll(Hosts.Select(process => process.DisposeAsync().AsTask()));
        Array.Clear(apis);
        Array.Clear(silos);
    }

    private Dictionary<string, string> Settings(Uri address)
    {
        var settings = credentials.Settings(address, welcomes);
        settings["Kapso__PublicUrl"] = Address.GetLeftPart(UriPartial.Authority);
        settings["ConnectionStrings__redis"] = Redis.Address;
        settings["Orleans__Endpoints__AdvertisedIPAddress"] = "127.0.0.1";
        settings["Kapso__DrainTime"] = "00:00:00";
        return settings;
    }

    private static ChildProcess Start(string name, string assembly, Dictionary<string, string> settings) =>
        ChildProcess.Start(name, "dotnet", [assembly], settings, Path.GetDirectoryName(assembly));

    /// <summary>Whether a grain answers: that of a customer whom nobody knows.</summary>
    private async Task<bool> AnswersAsync(Uri address, CancellationToken cancellation)
    {
        using var client = credentials.NewClient(address);
        using var answer = await client.GetAsync($"/api/projects/{credentials.ProjectId}/customers/nobody/connection", cancellation);
        return answer.StatusCode == HttpStatusCode.NotFound;
    }
}
