using System.Globalization;

namespace Kapso.Silo.Tests.Processes;

/// <summary>What can be killed.</summary>
internal enum Part
{
    Redis,
    Api,
    FirstSilo,
    SecondSilo,
}

/// <summary>The assemblies of silos and APIs: their names beside the tests', or their paths.</summary>
internal sealed record ServicePrograms(IReadOnlyList<string> Silos, IReadOnlyList<string> Apis)
{
    private const string Silo = "Kapso.Silo.dll";

    public static ServicePrograms Current { get; } = new([Silo, Silo], ["Kapso.Api.dll"]);
}

/// <summary>The distributed service as it is run: silos, APIs and Redis, each in a process of its own.</summary>
internal sealed class ServiceProcesses : IAsyncDisposable
{
    private readonly RedisServer _redis;
    private readonly ServicePrograms _programs;
    private readonly Dictionary<string, string> _settings;
    private readonly int[] _apiPorts;
    private readonly (int Silo, int Gateway)[] _siloPorts;
    private readonly ServiceProcess?[] _silos;
    private readonly ServiceProcess?[] _apis;
    private bool _ownsRedis;

    private ServiceProcesses(RedisServer redis, ServicePrograms programs, Dictionary<string, string> settings)
    {
        (_redis, _programs, _settings) = (redis, programs, settings);
        _apiPorts = [.. programs.Apis.Select(_ => LoopbackPort.Free())];
        _siloPorts = [.. programs.Silos.Select(_ => (LoopbackPort.Free(), LoopbackPort.Free()))];
        (_silos, _apis) = (new ServiceProcess?[_siloPorts.Length], new ServiceProcess?[_apiPorts.Length]);
        _settings["ConnectionStrings:redis"] = $"127.0.0.1:{redis.Port}";
        _settings["Orleans:Endpoints:AdvertisedIPAddress"] = "127.0.0.1";
    }

    /// <summary>Where the first API listens, also after it was killed.</summary>
    public Uri Api => Apis[0];

    /// <summary>Where the APIs listen.</summary>
    public IReadOnlyList<Uri> Apis => [.. _apiPorts.Select(port => new Uri($"http://127.0.0.1:{port}"))];

    /// <summary>What each process that lives has written so far.</summary>
    public IReadOnlyList<string> Outputs => [.. Alive.Select(process => process.Output)];

    private IEnumerable<ServiceProcess> Alive => _silos.Concat(_apis).OfType<ServiceProcess>();

    public static Task<ServiceProcesses> StartAsync(Dictionary<string, string> settings, CancellationToken cancellationToken) =>
        StartAsync(RedisProgram.RedisServer(), settings, cancellationToken);

    public static async Task<ServiceProcesses> StartAsync(
        RedisProgram redis, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var server = await RedisServer.StartAsync(redis);
        try
        {
            var processes = await StartAsync(server, ServicePrograms.Current, settings, cancellationToken);
            processes._ownsRedis = true;
            return processes;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts these programs on a Redis that lives on when they have ended.</summary>
    public static async Task<ServiceProcesses> StartAsync(
        RedisServer redis, ServicePrograms programs, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var processes = new ServiceProcesses(redis, programs, settings);
        try
        {
            await Task.WhenAll(
            [
                .. processes._silos.Select((_, index) => processes.StartSiloAsync(index, programs.Silos[index], cancellationToken)),
                .. processes._apis.Select((_, index) => processes.StartApiAsync(index, programs.Apis[index], cancellationToken)),
            ]);
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
                await _apis[0]!.KillAsync();
                await _apis[0]!.DisposeAsync();
                await StartApiAsync(0, _programs.Apis[0], cancellationToken);
                break;
            default:
                var index = part == Part.FirstSilo ? 0 : 1;
                await _silos[index]!.KillAsync();
                await _silos[index]!.DisposeAsync();
                await StartSiloAsync(index, _programs.Silos[index], cancellationToken);
                break;
        }
    }

    /// <summary>SIGTERM of a silo, and a process of another program in its place; returns when that is ready.</summary>
    public async Task ReplaceSiloAsync(int index, string program, CancellationToken cancellationToken)
    {
        await _silos[index]!.StopAsync();
        await _silos[index]!.DisposeAsync();
        await StartSiloAsync(index, program, cancellationToken);
    }

    /// <summary>The same of an API.</summary>
    public async Task ReplaceApiAsync(int index, string program, CancellationToken cancellationToken)
    {
        await _apis[index]!.StopAsync();
        await _apis[index]!.DisposeAsync();
        await StartApiAsync(index, program, cancellationToken);
    }

    /// <summary>What the processes that live have written, for a test that fails.</summary>
    public string Output() => string.Join("\n", Outputs);

    /// <summary>SIGTERM, the APIs before the silos that they call; returns when all have ended.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAll(_apis.Select(api => api!.StopAsync()));
        await Task.WhenAll(_silos.Select(silo => silo!.StopAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Alive)
            await process.DisposeAsync();
        if (_ownsRedis)
            await _redis.DisposeAsync();
    }

    private async Task StartSiloAsync(int index, string program, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>(_settings)
        {
            ["Orleans:Endpoints:SiloPort"] = _siloPorts[index].Silo.ToString(CultureInfo.InvariantCulture),
            ["Orleans:Endpoints:GatewayPort"] = _siloPorts[index].Gateway.ToString(CultureInfo.InvariantCulture),
        };
        _silos[index] = await ServiceProcess.StartAsync(program, settings, cancellationToken);
    }

    private async Task StartApiAsync(int index, string program, CancellationToken cancellationToken) =>
        _apis[index] = await ServiceProcess.StartAsync(program, _settings, cancellationToken, _apiPorts[index]);
}
