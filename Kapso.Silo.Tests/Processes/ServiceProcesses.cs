using System.Globalization;
using Kapso.Silo.Tests.Clusters;
using Kapso.Tests.Crash;

namespace Kapso.Silo.Tests.Processes;

/// <summary>What can be killed.</summary>
internal enum Part
{
    Redis,
    Api,
    FirstSilo,
    SecondSilo,
}

/// <summary>The distributed service as it is run: two silos, the API and Redis, each in a process of its own.</summary>
internal sealed class ServiceProcesses : IAsyncDisposable
{
    private const string SiloAssembly = "Kapso.Silo.dll";

    private readonly RedisServer _redis;
    private readonly Dictionary<string, string> _settings;
    private readonly int _apiPort = ServiceProcess.FreePort();
    private readonly (int Silo, int Gateway)[] _siloPorts =
        [(ServiceProcess.FreePort(), ServiceProcess.FreePort()), (ServiceProcess.FreePort(), ServiceProcess.FreePort())];

    private readonly ServiceProcess?[] _silos = new ServiceProcess?[2];
    private ServiceProcess? _api;

    private ServiceProcesses(RedisServer redis, Dictionary<string, string> settings)
    {
        (_redis, _settings) = (redis, settings);
        _settings["ConnectionStrings:redis"] = $"127.0.0.1:{redis.Port}";
        _settings["Orleans:Endpoints:AdvertisedIPAddress"] = "127.0.0.1";
    }

    /// <summary>Where the API listens, also after it was killed.</summary>
    public Uri Api => new($"http://127.0.0.1:{_apiPort}");

    /// <summary>What each process that lives has written so far.</summary>
    public IReadOnlyList<string> Outputs => [.. _silos.Append(_api).OfType<ServiceProcess>().Select(process => process.Output)];

    public static Task<ServiceProcesses> StartAsync(Dictionary<string, string> settings, CancellationToken cancellationToken) =>
        StartAsync(RedisProgram.RedisServer(), settings, cancellationToken);

    public static async Task<ServiceProcesses> StartAsync(
        RedisProgram redis, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var processes = new ServiceProcesses(await RedisServer.StartAsync(redis), settings);
        try
        {
            await Task.WhenAll(
                processes.StartSiloAsync(0, cancellationToken),
                processes.StartSiloAsync(1, cancellationToken),
                processes.StartApiAsync(cancellationToken));
            return processes;
        }
        catch
        {
            await processes.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL, and a new process in its place; returns when that is ready.</summary>
    public async Task ReplaceAsync(Part part, CancellationToken cancellationToken)
    {
        switch (part)
        {
            case Part.Redis:
                await _redis.KillAsync();
                await _redis.RestartAsync();
                break;
            case Part.Api:
                await _api!.KillAsync();
                await _api.DisposeAsync();
                await StartApiAsync(cancellationToken);
                break;
            default:
                var index = part == Part.FirstSilo ? 0 : 1;
                await _silos[index]!.KillAsync();
                await _silos[index]!.DisposeAsync();
                await StartSiloAsync(index, cancellationToken);
                break;
        }
    }

    /// <summary>What the processes that live have written, for a test that fails.</summary>
    public string Output() => string.Join("\n", Outputs);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _silos.Append(_api))
        {
            if (process is not null)
                await process.DisposeAsync();
        }

        await _redis.DisposeAsync();
    }

    private async Task StartSiloAsync(int index, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>(_settings)
        {
            ["Orleans:Endpoints:SiloPort"] = _siloPorts[index].Silo.ToString(CultureInfo.InvariantCulture),
            ["Orleans:Endpoints:GatewayPort"] = _siloPorts[index].Gateway.ToString(CultureInfo.InvariantCulture),
        };
        _silos[index] = await ServiceProcess.StartAsync(SiloAssembly, settings, cancellationToken);
    }

    private async Task StartApiAsync(CancellationToken cancellationToken) =>
        _api = await ServiceProcess.StartAsync("Kapso.Api.dll", _settings, cancellationToken, _apiPort);
}
