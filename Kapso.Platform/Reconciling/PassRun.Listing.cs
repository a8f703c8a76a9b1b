using Kapso.Connections.Reconciling;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Numbers;

namespace Kapso.Platform.Reconciling;

/// <summary>Reads the platform's list and compares it with ours.</summary>
internal sealed partial class PassRun
{
    private const int ConnectionsAtATime = 500;

    /// <summary>Questions of one pass; what is missing beyond them is asked about by the next full pass.</summary>
    private const int MaxQuestions = 1_000;

    private readonly HashSet<string> _listed = new(StringComparer.Ordinal);

    private async Task<ReconciliationPass> ListAsync(ReconciliationPass pass, CancellationToken cancellationToken)
    {
        var since = (await record.ReadAsync(cancellationToken)).ListedUntil - Passes.Margin;

        // What a full list lacks can be told only by whoever has read all of it.
        string? page = pass.Full ? null : pass.Page;
        while (true)
        {
            var answer = await CallAsync(
                stop => client.ListNumbersAsync(null, null, page, CallPurpose.Reconciliation, stop), cancellationToken);
            var counts = await TakeInAsync(answer, cancellationToken);

            // Newest first, as far as is known: a whole page of older rows is the end of the new ones.
            var older = !pass.Full && answer.Items.Count > 0 && answer.Items.All(row => row.CreatedAt < since);
            page = older ? null : answer.Next;
            pass = await record.AdvanceAsync(
                known => known with { Page = page, Counts = Add(known.Counts, counts) }, cancellationToken);
            if (page is null)
                break;
        }

        if (!pass.Full)
            return await record.AdvanceAsync(known => known with { Step = ReconciliationStep.Links }, cancellationToken);

        var (missing, connected) = await CompareAsync(cancellationToken);
        return await record.AdvanceAsync(
            known => known with
            {
                Step = ReconciliationStep.Ask,
                Missing = [.. missing.Take(MaxQuestions)],
                Connected = connected,
                Counts = known.Counts with { Missing = missing.Count },
            },
            cancellationToken);
    }

    private async Task<ReconciliationCounts> TakeInAsync(PlatformPage<PlatformNumber> page, CancellationToken cancellationToken)
    {
        var receivedAt = time.GetUtcNow();
        _listed.UnionWith(page.Items.Where(row => !NumberAnswers.IsDisconnected(row)).Select(row => row.PhoneNumberId));
        var proven = page.Items
            .Select(row => (Row: row, Key: NumberAnswers.OwnerOf(row, record.ProjectId)))
            .Where(one => one.Key is not null)
            .ToList();
        var receipts = await Task.WhenAll(proven.Select(one => ObserveAsync(
            one.Key!.Value, Read(one.Row, one.Row.PhoneNumberId, one.Key.Value.CustomerId, receivedAt), cancellationToken)));
        foreach (var row in page.Items)
        {
            if (NumberAnswers.OwnerOf(row, record.ProjectId) is null && BoundedId.IsValid(row.PhoneNumberId))
                await TellUnprovenAsync(row, receivedAt, cancellationToken);
        }

        return new ReconciliationCounts
        {
            Listed = page.Items.Count + page.Unreadable,
            Applied = receipts.Count(receipt => receipt.Outcome == Outcome.Applied),
            Adopted = receipts.Count(receipt => receipt.Outcome == Outcome.Adopted),
            Unplaced = receipts.Count(receipt => receipt.Outcome == Outcome.Full),
            Unproven = page.Items.Count + page.Unreadable - proven.Count,
        };
    }

    /// <summary>
    /// A row that proves nothing still says what status the platform gives a number that is known here, and whether it is a sandbox
    /// number: written down where that is news. What it says of absence counts only as the answer to a question.
    /// </summary>
    private async Task TellUnprovenAsync(PlatformNumber row, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        var key = row.CustomerId is { } customer
            ? CustomerKey.TryCreate(record.ProjectId, customer, out var named) ? named : null
            : await engine.FindByNumberAsync(record.ProjectId, row.PhoneNumberId, cancellationToken);
        if (key is not { } known
            || (await engine.FindAsync(known, cancellationToken))?.FindNumber(row.PhoneNumberId) is not { Status: NumberStatus.Hinted or NumberStatus.Connected } number)
            return;
        var said = Read(row, row.PhoneNumberId, known.CustomerId, receivedAt);
        if (said.Kind == ObservationKind.ApiUnconfirmed
            && (said.PlatformStatus != number.PlatformStatus || (said.NumberKind == Number.Sandbox && !number.IsSandbox)))
            await ObserveAsync(known, said with { ProofVersion = number.ProofVersion }, cancellationToken);
    }

    /// <summary>Our connected numbers that the list lacks or has as disconnected, and how many are connected at all.</summary>
    private async Task<(List<MissingNumber> Missing, int Connected)> CompareAsync(CancellationToken cancellationToken)
    {
        var (missing, connected) = (new List<MissingNumber>(), 0);
        string? cursor = null;
        do
        {
            var rows = await engine.ListConnectionsAsync(
                new ConnectionQuery(record.ProjectId, ConnectionStatus.Connected, Cursor: cursor, Limit: ConnectionsAtATime),
                cancellationToken);
            foreach (var row in rows.Items)
            {
                var numbers = await ConnectedAsync(row, cancellationToken);
                connected += numbers.Count;
                missing.AddRange(numbers
                    .Where(number => !_listed.Contains(number))
                    .Select(number => new MissingNumber(row.CustomerId, number)));
            }

            cursor = rows.NextCursor;
        }
        while (cursor is not null);

        return (missing, connected);
    }

    /// <summary>Which of a connected customer's numbers are connected: where there is one, it is that one.</summary>
    private async ValueTask<IReadOnlyList<string>> ConnectedAsync(ConnectionRow row, CancellationToken cancellationToken) =>
        row.PhoneNumberIds.Count == 1
            ? row.PhoneNumberIds
            : [.. (await engine.FindAsync(new CustomerKey(record.ProjectId, row.CustomerId), cancellationToken))?.Numbers
                .Where(number => number.Status == NumberStatus.Connected)
                .Select(number => number.PhoneNumberId) ?? []];

    private static ReconciliationCounts Add(ReconciliationCounts counts, ReconciliationCounts more) => counts with
    {
        Listed = counts.Listed + more.Listed,
        Applied = counts.Applied + more.Applied,
        Adopted = counts.Adopted + more.Adopted,
        Unplaced = counts.Unplaced + more.Unplaced,
        Unproven = counts.Unproven + more.Unproven,
    };
}
