using Kapso.Connections.Reconciling;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;

namespace Kapso.Platform.Reconciling;

/// <summary>Looks at open setup links with the calls that are left, until it is time for the next pass.</summary>
internal sealed partial class PassRun
{
    private const int CustomersAtATime = 50;

    /// <summary>How often one customer's links are looked at.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromHours(1);

    private async Task CheckLinksAsync(ReconciliationPass pass, CancellationToken cancellationToken)
    {
        var (before, until) = (pass.StartedAt - BetweenLooks, pass.StartedAt + terms.Interval);

        // An entry without a connection behind it would come first again and again.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var customers = await engine.ListLinksToCheckAsync(record.ProjectId, CustomersAtATime, cancellationToken);
            var due = customers.Where(one => one.CheckedAt <= before && seen.Add(one.CustomerId)).ToList();
            if (due.Count == 0)
                return;
            foreach (var one in due)
            {
                if (time.GetUtcNow() >= until)
                    return;

                // What the platform says nothing of is first in the next pass.
                var (key, askedAt) = (new CustomerKey(record.ProjectId, one.CustomerId), time.GetUtcNow());
                var check = await terms.Links.CheckAsync(key, CallPurpose.Reconciliation, cancellationToken);
                if (check is { Outcome: PlatformOutcome.Refused, IsKeyRefused: false })
                {
                    await TellRefusedAsync(key, check.Error, askedAt, cancellationToken);
                    continue;
                }

                if (check.Outcome != PlatformOutcome.Done)
                    return;
                await record.AdvanceAsync(
                    known => known with { Counts = known.Counts with { Links = known.Counts.Links + 1 } }, cancellationToken);
            }
        }
    }

    /// <summary>What is refused for one customer holds up no other's: it is said there, and asked again when its turn comes.</summary>
    private async Task TellRefusedAsync(CustomerKey key, string why, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        await engine.ChangeLinkAsync(key, new FoldLinks([], IsWhole: false, askedAt), cancellationToken);
        await engine.NoteAsync(
            key,
            new TimelineEntry { At = askedAt, Source = Source.Api, Event = "links.not_told", Outcome = Outcome.Noted, Detail = why },
            cancellationToken);
    }
}
