using System.Net;

namespace Kapso.Benchmarks.Targets;

/// <summary>What the load goes to: a receiver of webhooks, and how to ask it what it kept.</summary>
internal sealed class Target : IAsyncDisposable
{
    public required string Name { get; init; }

    public required Uri Address { get; init; }

    public required TargetCredentials Credentials { get; init; }

    /// <summary>How its outbox is asked; null for one that keeps nothing.</summary>
    public StoredState? Stored { get; init; }

    /// <summary>The processes behind it; none where it was started by somebody else.</summary>
    public IReadOnlyList<ChildProcess> Processes { get; init; } = [];

    /// <summary>The process of a store beside it, if it has one.</summary>
    public int? StoreProcess { get; init; }

    /// <summary>The Redis that keeps what it has, where that is one of ours.</summary>
    public RedisProcess? Redis { get; init; }

    /// <summary>What ends with it.</summary>
    public IAsyncDisposable? Owned { get; init; }

    public Uri Webhook => new(Address, $"/webhooks/project/{Credentials.ProjectId}");

    /// <exception cref="BenchmarkException">The address is not plain HTTP on an IPv4 address or a name that has one.</exception>
    public async Task<IPEndPoint> ResolveAsync(CancellationToken cancellation)
    {
        if (Address.Scheme != Uri.UriSchemeHttp)
        {
            throw new BenchmarkException($"The generator speaks plain HTTP only, not {Address}.");
        }

        var addresses = await Dns.GetHostAddressesAsync(
            Address.Host, System.Net.Sockets.AddressFamily.InterNetwork, cancellation);
        return new IPEndPoint(addresses[0], Address.Port);
    }

    public async ValueTask DisposeAsync()
    {
        Stored?.Dispose();
        if (Owned is not null)
        {
            await Owned.DisposeAsync();
        }
    }
}
