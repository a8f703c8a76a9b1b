using Kapso.Engines.Orleans.Redis;
using Microsoft.Extensions.Options;

namespace Kapso.Engines.Orleans.Sweep;

/// <summary>Takes out of Redis what a project keeps for a time only: parked deliveries, unclaimed hints, messages to receivers and the audit.</summary>
internal sealed class Retention(
    ParkedStore parked, HintStore hints, MessageStore messages, AuditStore audit, Policies policies, ArrivalCounter arrivals,
    IOptions<EngineOptions> options, EngineClock clock)
{
    /// <summary>Prunes a project by age and number, however much there is.</summary>
    public async Task PruneAsync(string projectId)
    {
        await hints.PruneAsync(projectId, clock.Now);

        // What is of no project has no sweep of its own.
        var auditFrom = clock.Now - options.Value.AuditKeep;
        await audit.PruneAsync(projectId, auditFrom);
        await audit.PruneAsync(null, auditFrom);
        PrunedParked pruned;
        do
        {
            // Some thousand at a time: others wait for Redis meanwhile.
            pruned = await parked.PruneAsync(projectId, clock.Now, options.Value.ParkedMaxAge, options.Value.ParkedMaxCount);
            arrivals.Pruned(projectId, pruned);
        }
        while (pruned.Rows > 0);

        foreach (var receiver in policies.Of(projectId).Receivers)
        {
            while (await messages.PruneAsync(projectId, receiver.Id, clock.Now))
            {
                // Others wait for Redis meanwhile.
            }
        }
    }
}
