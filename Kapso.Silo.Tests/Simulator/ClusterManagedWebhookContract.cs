using System.Globalization;
using Kapso.Silo.Tests.Stores;

namespace Kapso.Silo.Tests.Simulator;

/// <summary>The kept webhook, with a silo, two API processes and Redis.</summary>
public sealed class ClusterManagedWebhookContract : ManagedWebhookContract
{
    protected override async Task<IAsyncDisposable> ServeAsync(Uri address, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var cluster = new Cluster();
        try
        {
            var redis = await RedisServer.StartAsync();
            cluster.Add(redis);
            settings["ConnectionStrings:redis"] = $"127.0.0.1:{redis.Port}";
            settings["Orleans:Endpoints:AdvertisedIPAddress"] = "127.0.0.1";
            settings["Orleans:Endpoints:SiloPort"] = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
            settings["Orleans:Endpoints:GatewayPort"] = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
            cluster.Add(await ServiceProcess.StartAsync(Hosts.Silo, settings, cancellationToken));
            foreach (var api in await Task.WhenAll(
                ServiceProcess.StartAsync(Hosts.Api, settings, cancellationToken, address.Port), ServiceProcess.StartAsync(Hosts.Api, settings, cancellationToken)))
                cluster.Add(api);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private sealed class Cluster : IAsyncDisposable
    {
        private readonly Stack<IAsyncDisposable> _parts = [];

        public void Add(IAsyncDisposable part) => _parts.Push(part);

        public async ValueTask DisposeAsync()
        {
            while (_parts.TryPop(out var part))
                await part.DisposeAsync();
        }
    }
}
