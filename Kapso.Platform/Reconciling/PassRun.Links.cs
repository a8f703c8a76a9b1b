using Kapso.Connections.Reconciling;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;

namespace Kapso.Platform.Reconciling;

/// <summary>
/// Looks at open setup links with the calls that are left, until it is time for the next pass, and makes those that the service makes by
/// itself: after the look, so that the platform has said whether the customer has a link.
/// </summary>
internal sealed partial class PassRun
{
    private const int CustomersAtATime = 50;

    private async Task CheckLinksAsync(ReconciliationPass pass, CancellationToken cancellationToken)
    {
        var (before, until) = (pass.StartedAt - SetupLink.BetweenLooks, pass.StartedAt + terms.Interval);

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
                var check = await terms.Check.CheckAsync(key, CallPurpose.Reconciliation, cancellationToken);
                if (check is { Outcome: PlatformOutcome.Refused, IsKeyRefused: false })
                {
                    await TellRefusedAsync(key, check.Error, askedAt, cancellationToken);
                    await ReconnectAsync(key, cancellationToken);
                    continue;
                }

                if (check.Outcome != PlatformOutcome.Done)
                    return;
                await ReconnectAsync(key, cancellationToken);
                await record.AdvanceAsync(
                    known => known with { Counts = known.Counts with { Links = known.Counts.Links + 1 } }, cancellationToken);
            }
        }
    }

    private Task ReconnectAsync(CustomerKey key, CancellationToken cancellationToken) =>
        terms.PublicUrl is { } url ? terms.Links.ReconnectDueAsync(key, url, cancellationToken) : Task.CompletedTask;

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
