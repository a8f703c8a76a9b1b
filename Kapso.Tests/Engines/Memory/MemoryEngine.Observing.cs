using System.Text.Json;

namespace Kapso.Tests.Engines.Memory;

public sealed partial class MemoryEngine
{
    /// <inheritdoc/>
    public async Task<Receipt> ObserveAsync(CustomerKey key, Observation observation, CancellationToken cancellationToken)
    {
        var receipt = await FoldAsync(key, observation);
        CountArrival(key.ProjectId, observation, receipt.Outcome);
        return receipt;
    }

    private Task<Receipt> FoldAsync(CustomerKey key, Observation observation) =>
        UpdateAsync(key, async (connection, _) =>
        {
            var told = await WithPreviousOwnerAsync(key, observation);
            var decision = Decisions.Observe(connection, told, PolicyOf(key), Now);
            return await WithHintsAsync(decision, Receive);
        });

    /// <inheritdoc/>
    public Task<Receipt> AddLinkAsync(CustomerKey key, SetupLink link, CancellationToken cancellationToken) =>
        UpdateAsync(key, (connection, _) =>
        {
            var decision = Decisions.AddLink(connection, link, PolicyOf(key), Now);
            return Task.FromResult(new Change<Receipt>(decision.Connection, Receive(decision)));
        });

    /// <inheritdoc/>
    public Task<LinkReceipt> ChangeLinkAsync(CustomerKey key, LinkChange change, CancellationToken cancellationToken) =>
        UpdateAsync(key, (connection, _) =>
        {
            var decision = Decisions.ChangeLink(connection, change, PolicyOf(key), Now);
            return Task.FromResult(new Change<LinkReceipt>(decision.Connection, decision.Receipt));
        });

    /// <inheritdoc/>
    public Task<Receipt> SetContactPhoneAsync(CustomerKey key, string? phone, CancellationToken cancellationToken) =>
        UpdateAsync(key, (connection, _) =>
        {
            var decision = Decisions.SetContactPhone(connection, phone, PolicyOf(key), Now);
            return Task.FromResult(new Change<Receipt>(decision.Connection, Receive(decision)));
        });

    /// <inheritdoc/>
    public Task<Receipt> ChangeCustomerAsync(CustomerKey key, CustomerChange change, string? by, CancellationToken cancellationToken) =>
        UpdateAsync(key, (connection, _) =>
        {
            var decision = Decisions.ChangeCustomer(connection, change, Now, by);
            return Task.FromResult(new Change<Receipt>(decision.Connection, Receive(decision)));
        });

    /// <inheritdoc/>
    public Task<EffectAction> ResendAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken) =>
        UpdateAsync(key, (connection, _) =>
        {
            var (after, action) = Decisions.Resend(connection, effectId, PolicyOf(key), Now, by);
            return Task.FromResult(new Change<EffectAction>(after, action));
        });

    /// <inheritdoc/>
    public Task<EffectAction> SettleAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken) =>
        UpdateAsync(key, (connection, _) =>
        {
            var (after, action) = Decisions.SettleByHand(connection, effectId, PolicyOf(key), Now, by);
            return Task.FromResult(new Change<EffectAction>(after, action));
        });

    /// <inheritdoc/>
    public Task<EffectAction> GreetAsync(CustomerKey key, string phoneNumberId, string? by, CancellationToken cancellationToken) =>
        UpdateAsync(key, (connection, _) =>
        {
            var (after, action) = Decisions.Greet(connection, phoneNumberId, Now, by);
            return Task.FromResult(new Change<EffectAction>(after, action));
        });

    /// <inheritdoc/>
    public Task NoteAsync(CustomerKey key, TimelineEntry note, CancellationToken cancellationToken) =>
        UpdateAsync(key, (connection, known) =>
            Task.FromResult(new Change<bool>(known ? Decisions.Note(connection, note) : connection, known)));

    /// <summary>
    /// Keeps a hint, then looks for a proof that came meanwhile: a proof that looked for hints before this one was written
    /// is found here, one that looks later finds the hint.
    /// </summary>
    public async Task<int> HoldHintAsync(string projectId, Observation hint, CancellationToken cancellationToken)
    {
        if (hint.PhoneNumberId is not { } phoneNumberId)
            return 0;

        var name = $"{Name(projectId, phoneNumberId)}\0{hint.SetupLinkId}";
        var dropped = 0;
        await GuardAsync(async () =>
        {
            dropped = await PruneHintsAsync(projectId);
            var stored = await _session.ReadAsync(StoreTable.Hints, name);
            return stored is not null || await _session.WriteAsync(StoreTable.Hints, name, hint, 0);
        });

        CountArrival(projectId, hint, Outcome.Noted);
        if (await FindByNumberAsync(projectId, phoneNumberId, cancellationToken) is not { } owner
            || (await FindAsync(owner, cancellationToken))?.FindNumber(phoneNumberId)?.Status != NumberStatus.Connected)
            return dropped;
        await FoldAsync(owner, hint);
        await GuardAsync(async () =>
            await _session.ReadAsync(StoreTable.Hints, name) is { } held
            && await _session.WriteAsync(StoreTable.Hints, name, null, held.ETag));
        return dropped;
    }

    private static Receipt Receive(Decision decision) =>
        new(decision.Outcome, decision.Connection.Status, decision.Connection.Sequence);

    /// <summary>Folds the unclaimed hints for the number that a decision proved into the same write.</summary>
    private async Task<Change<T>> WithHintsAsync<T>(Decision decision, Func<Decision, T> result)
    {
        if (decision.ProvenNumber is not { } proven)
            return new Change<T>(decision.Connection, result(decision));

        var (key, connection) = (decision.Connection.Key, decision.Connection);
        var hints = await _session.ScanAsync(StoreTable.Hints, Name(key.ProjectId, proven) + "\0");
        foreach (var (_, record) in hints)
        {
            var hint = JsonSerializer.Deserialize<Observation>(record.Value)!;
            if (Now - hint.ReceivedAt < UnclaimedHints.Life)
                connection = Decisions.Observe(connection, hint, PolicyOf(key), Now).Connection;
        }

        var receipt = result(decision with { Connection = connection });
        return new Change<T>(connection, receipt, proven) { FoldedHints = hints };
    }

    /// <summary>Drops what waited too long, and what is too much; returns how many of the latter.</summary>
    private async Task<int> PruneHintsAsync(string projectId)
    {
        var dropped = 0;
        var hints = (await _session.ScanAsync(StoreTable.Hints, projectId + "\0"))
            .OrderByDescending(record => record.Value.ETag)
            .ToList();
        for (var i = 0; i < hints.Count; i++)
        {
            var old = Now - hints[i].Value.WrittenAt >= UnclaimedHints.Life;
            if ((i >= UnclaimedHints.MaxKept - 1 || old)
                && await _session.WriteAsync(StoreTable.Hints, hints[i].Key, null, hints[i].Value.ETag) && !old)
            {
                dropped++;
            }
        }

        return dropped;
    }
}
