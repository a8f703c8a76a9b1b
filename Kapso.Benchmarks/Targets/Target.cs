using System.Net;
using System.Net.Sockets;

namespace Kapso.Benchmarks.Targets;

/// <summary>What the load goes to: a receiver of webhooks, and how to ask it what it kept.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Credentials">The project.</param>
/// <param name="Stored">How its outbox is asked; null for one that keeps nothing.</param>
internal sealed record Target(string Name, Uri Address, TargetCredentials Credentials, StoredState? Stored) : IAsyncDisposable
{
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

        var addresses = await Dns.GetHostAddressesAsync(Address.Host, AddressFamily.InterNetwork, cancellation);
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
