using Orleans.Configuration;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>How soon the cluster notices that a silo is gone, and how long it waits for one that may be. Why each is what it is stands with it.</summary>
internal static class SiloTimes
{
    public static void Set(ISiloBuilder silo)
    {
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // A process that dies closes its connections: three probes in a row fail at once. A machine that dies, or a
            // process that hangs, is only silent: it is voted out after three times the longest probe, nine seconds. A
            // pause of a living silo (garbage, a starved processor) has to last as long before it is taken for dead.
            membership.ProbeTimeout = TimeSpan.FromSeconds(2);
            membership.MaxProbeTimeout = TimeSpan.FromSeconds(3);
            membership.NumMissedProbesLimit = 3;

            // Gossip spreads a death at once; the table is read as often where gossip got lost.
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);

            // After a crash of all, the entries of the dead count as alive for three of these periods, and whoever starts
            // has to reach them: a quarter of a minute instead of a minute and a half.
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);

            // Silos have new addresses after each start: what is dead for an hour tells nobody anything.
            membership.DefunctSiloExpiration = TimeSpan.FromHours(1);
        });

        // Silos tell each other every second how busy they are, for placements that ask. Those of customers do not.
        silo.Configure<DeploymentLoadPublisherOptions>(load => load.DeploymentLoadPublisherRefreshTime = TimeSpan.FromSeconds(10));

        // Longer than a client's call, which is answered or tried again by then; shorter than it takes to notice a death, so
        // that a settlement or a sweep that waits for a dead silo is tried again as soon as it can succeed.
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(5));

        // A customer's news come within minutes or not for weeks. An idle grain is worth about the read that it saves.
        silo.Configure<GrainCollectionOptions>(collection =>
        {
            collection.CollectionQuantum = TimeSpan.FromSeconds(30);
            collection.CollectionAge = TimeSpan.FromMinutes(2);
        });
    }
}
