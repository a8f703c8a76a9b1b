using System.Collections.Frozen;
using System.Threading.RateLimiting;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Api;

/// <summary>
/// The platform's API for each project that has a key. Known edge: the framework's handler itself sends a GET again, at most
/// three times, when the connection is closed before the first byte of an answer; the budget counts that as one call.
/// </summary>
public sealed class PlatformClients : IDisposable
{
    private const int MaxAnswerBytes = 8 * 1024 * 1024;

    private readonly HttpClient _http;
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
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                MaxConnectionsPerServer = 32,
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
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("Kapso");
        _clients = settings.Projects
            .Where(project => project.ApiKey is not null)
            .ToFrozenDictionary(
                project => project.Id,
                project => new PlatformClient(new PlatformChannel(
                    project.Id, project.ApiKey!, settings.Platform.BaseUrl, _http, budget, timings, time, logger)),
                StringComparer.Ordinal);
    }

    /// <summary>The client of a project; null where it is not configured or has no key.</summary>
    public PlatformClient? Find(string projectId) => _clients.GetValueOrDefault(projectId);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
