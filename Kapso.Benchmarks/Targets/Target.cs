using System.Net;
using System.Net.Sockets;

namespace Kapso.Benchmarks.Targets;

/// <summary>A process of a target.</summary>
/// <param name="Kind">What it is, in the table.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsStore">Whether it is a store beside the target; its children count with it.</param>
internal sealed record TargetProcess(string Kind, int Id, bool IsStore = false);

/// <summary>What the load goes to: a receiver of webhooks, and how to ask it what it kept.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Credentials">The project.</param>
/// <param name="Stored">How its outbox is asked; null for one that keeps nothing.</param>
internal sealed record Target(string Name, Uri Address, TargetCredentials Credentials, StoredState? Stored) : IAsyncDisposable
{
    /// <summary>Where it listens, all of it: the load is spread over these.</summary>
    public IReadOnlyList<Uri> Addresses { get; init; } = [Address];

    /// <summary>The processes behind it; none where it was started by somebody else.</summary>
    public IReadOnlyList<TargetProcess> Processes { get; init; } = [];

    /// <summary>The Redis that keeps what it has, where that is one of ours.</summary>
    public RedisProcess? Redis { get; init; }

    /// <summary>What ends with it.</summary>
    public IAsyncDisposable? Owned { get; init; }

    public Uri Webhook => new(Address, $"/webhooks/project/{Credentials.ProjectId}");

    /// <exception cref="BenchmarkException">The address is not plain HTTP on an IPv4 address or a name that has one.</exception>
    public Task<IPEndPoint[]> ResolveAsync(CancellationToken cancellation) =>
        Task.WhenAll(Addresses.Select(async address =>
        {
            if (address.Scheme != Uri.UriSchemeHttp)
            {
                throw new BenchmarkException($"The generator speaks plain HTTP only, not {address}.");
            }

            var found = await Dns.GetHostAddressesAsync(address.Host, AddressFamily.InterNetwork, cancellation);
            return new IPEndPoint(found[0], address.Port);
        }));

    /// <summary>Processor time that its processes took so far, by their kind.</summary>
    public Dictionary<string, TimeSpan> ReadProcessorTimes() => Processes
        .GroupBy(process => process.Kind)
        .ToDictionary(kind => kind.Key, kind => TimeSpan.FromTicks(kind.Sum(process => ProcessFamily.ReadProcessorTime(process.Id).Ticks)));

    public async ValueTask DisposeAsync()
    {
        Stored?.Dispose();
        if (Owned is not null)
        {
            await Owned.DisposeAsync();
        }
    }
}
