using System.Collections.Frozen;
using System.Threading.RateLimiting;
using Kapso.Engines.Budget;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Api;

/// <summary>
/// The platform's API for each project that has a key. Each <see cref="CallPurpose"/> has connections of its own: answers
/// that do not come to one hold up no other. Known edge: the framework's handler itself sends a GET again, at most
/// three times, when the connection is closed before the first byte of an answer; the budget counts that as one call.
/// </summary>
public sealed class PlatformClients : IDisposable
{
    private const int MaxAnswerBytes = 8 * 1024 * 1024;

    /// <summary>Connections for each purpose; at least as many as a lane sends at a time, so that nothing of it waits for one.</summary>
    private const int FewestConnections = 32;

    private readonly FrozenDictionary<CallPurpose, HttpClient> _https;
    private readonly FrozenDictionary<string, PlatformClient> _clients;

    /// <summary>Reads the settings once; they do not change while the service runs.</summary>
    /// <param name="options">The validated settings.</param>
    /// <param name="budget">Gives leave to each call; shared by all processes that use the same keys.</param>
    /// <param name="time">The clock of waits and time-outs.</param>
    /// <param name="logger">Gets a line for each call.</param>
    public PlatformClients(
        IOptions<KapsoOptions> options, PartitionedRateLimiter<PlatformCall> budget, TimeProvider time, ILogger<PlatformClients> logger)
        : this(options, budget, PlatformTimings.Default, time, logger)
    {
    }

    internal PlatformClients(
        IOptions<KapsoOptions> options,
        PartitionedRateLimiter<PlatformCall> budget,
        PlatformTimings timings,
        TimeProvider time,
        ILogger<PlatformClients> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = options.Value;
        var connections = Math.Max(FewestConnections, settings.Outbox.Parallelism);
        _https = Enum.GetValues<CallPurpose>().ToFrozenDictionary(purpose => purpose, _ => Connect(connections));
        _clients = settings.Projects
            .Where(project => project.ApiKey is not null)
            .ToFrozenDictionary(
                project => project.Id,
                project => new PlatformClient(new PlatformChannel(
                    project.Id, project.ApiKey!, settings.Platform.BaseUrl, _https, budget, timings, time, logger)),
                StringComparer.Ordinal);
    }

    /// <summary>The client of a project; null where it is not configured or has no key.</summary>
    public PlatformClient? Find(string projectId) => _clients.GetValueOrDefault(projectId);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var http in _https.Values)
            http.Dispose();
    }

    private static HttpClient Connect(int connections)
    {
        var http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                MaxConnectionsPerServer = connections,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),

                // No trace ids for the platform, and no spans of the handler's: they hold the URL, and what was answered
                // where it is not HTTP. The channel makes its own.
                ActivityHeadersPropagator = null,
            })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Kapso");
        return http;
    }
}
