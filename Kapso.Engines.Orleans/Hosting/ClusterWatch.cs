using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>Tells in a client's log how many silos it reaches, and when there is none.</summary>
internal sealed partial class ClusterWatch(
    IOptions<ClusterOptions> cluster, IHostApplicationLifetime host, TimeProvider time, ILogger<ClusterWatch> logger)
    : IClusterConnectionStatusObserver, IClientConnectionRetryFilter
{
    private const string NoSilo = "no silo can be reached";
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly Outage _outage = new(
        $"The cluster {cluster.Value.ClusterId}", "Until one is there, deliveries are parked, and replayed then.", time, logger);

    /// <summary>Tries again, for as long as the host lives.</summary>
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        _outage.Failed(NoSilo);
        await Task.Delay(BetweenAttempts, time, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered)
    {
        if (currentNumberOfGateways == 0 || host.ApplicationStopping.IsCancellationRequested)
            return;
        _outage.Answered();
        LogReached(cluster.Value.ClusterId, currentNumberOfGateways);
    }

    /// <inheritdoc/>
    public void NotifyClusterConnectionLost()
    {
        // A client that stops closes its connections itself.
        if (!host.ApplicationStopping.IsCancellationRequested)
            _outage.Failed(NoSilo);
    }

    [LoggerMessage(1, LogLevel.Information, "The cluster {ClusterId} is reached (connected silos: {Silos}).")]
    private partial void LogReached(string clusterId, int silos);
}
