using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>Tells in the log who joins the cluster and who leaves it.</summary>
internal sealed partial class ClusterMembers(
    ISiloStatusOracle membership, IOptions<ClusterOptions> cluster, ILogger<ClusterMembers> logger)
    : ILifecycleParticipant<ISiloLifecycle>, ISiloStatusListener
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(ClusterMembers),
        ServiceLifecycleStage.Active,
        starting =>
        {
            LogMember(membership.SiloAddress, cluster.Value.ClusterId, membership.GetActiveSilos().Length);
            membership.SubscribeToSiloStatusEvents(this);
            return Task.CompletedTask;
        },
        stopping =>
        {
            membership.UnSubscribeFromSiloStatusEvents(this);
            LogLeaving(membership.SiloAddress, cluster.Value.ClusterId);
            return Task.CompletedTask;
        });

    /// <inheritdoc/>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (updatedSilo.Equals(membership.SiloAddress))
            return;
        if (status == SiloStatus.Active)
            LogJoined(updatedSilo, membership.GetActiveSilos().Length);
        else if (status == SiloStatus.Dead)
            LogLeft(updatedSilo, membership.GetActiveSilos().Length);
    }

    [LoggerMessage(1, LogLevel.Information, "This silo, {Silo}, is a member of the cluster {ClusterId} (active silos: {Silos}).")]
    private partial void LogMember(SiloAddress silo, string clusterId, int silos);

    [LoggerMessage(2, LogLevel.Information, "The silo {Silo} has joined the cluster (active silos: {Silos}).")]
    private partial void LogJoined(SiloAddress silo, int silos);

    [LoggerMessage(3, LogLevel.Warning, "The silo {Silo} has left the cluster (active silos: {Silos}); its customers are served by the others.")]
    private partial void LogLeft(SiloAddress silo, int silos);

    [LoggerMessage(4, LogLevel.Information, "This silo, {Silo}, leaves the cluster {ClusterId}.")]
    private partial void LogLeaving(SiloAddress silo, string clusterId);
}
