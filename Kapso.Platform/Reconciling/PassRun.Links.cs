using Kapso.Connections.Reconciling;
using Kapso.Platform.Api;

namespace Kapso.Platform.Reconciling;

/// <summary>Looks at live setup links with the calls that are left, until it is time for the next pass.</summary>
internal sealed partial class PassRun
{
    private const int LinksAtATime = 50;

    /// <summary>How often one link is looked at.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromHours(1);

    private async Task CheckLinksAsync(ReconciliationPass pass, CancellationToken cancellationToken)
    {
        if (terms.Links is not { } links)
            return;

        var until = pass.StartedAt + terms.Interval;
        while (await links.FindAsync(record.ProjectId, pass.StartedAt - BetweenLooks, LinksAtATime, cancellationToken) is { Count: > 0 } customers)
        {
            foreach (var key in customers)
            {
                // What is left is first in the next pass; so is what the platform said nothing of.
                if (time.GetUtcNow() >= until || !await links.CheckAsync(key, CallPurpose.Reconciliation, cancellationToken))
                    return;
                await record.AdvanceAsync(
                    known => known with { Counts = known.Counts with { Links = known.Counts.Links + 1 } }, cancellationToken);
            }
        }
    }
}
