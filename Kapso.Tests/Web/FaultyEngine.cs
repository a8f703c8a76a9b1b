using System.Runtime.CompilerServices;
using Kapso.Connections.Reconciling;

namespace Kapso.Tests.Web;

/// <summary>An engine in front of another, with a test's hook before each call: to count, to fail, to hang.</summary>
internal sealed class FaultyEngine(IConnectionEngine inner) : IConnectionEngine
{
    private int _calls;

    /// <summary>Runs before each call, with the method's name. Throws or hangs as the test wants it.</summary>
    public Func<string, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Customers whom no delivery can be folded into.</summary>
    public Func<CustomerKey, bool> Refuses { get; set; } = _ => false;

    /// <summary>Calls so far that write what a webhook says.</summary>
    public int WebhookCalls => _calls;

    /// <summary>Fails every call of these methods; of all, where none is named.</summary>
    public void Fail(params string[] methods) => Before = (method, _) =>
        methods.Length == 0 || methods.Contains(method)
            ? throw new EngineUnavailableException("The test's engine is down.")
            : Task.CompletedTask;

    /// <summary>Never answers a call of these methods, not even when it is cancelled.</summary>
    public void Hang(params string[] methods) => Before = (method, _) =>
        methods.Length == 0 || methods.Contains(method) ? new TaskCompletionSource().Task : Task.CompletedTask;

    /// <summary>Answers again.</summary>
    public void Recover() => Before = (_, _) => Task.CompletedTask;

    public Task<Receipt> ObserveAsync(CustomerKey key, Observation observation, CancellationToken cancellationToken) =>
        Run(
            () => Refuses(key)
                ? throw new EngineUnavailableException("The test's engine refuses this customer.")
                : inner.ObserveAsync(key, observation, cancellationToken),
            cancellationToken);

    public Task<Receipt> AddLinkAsync(CustomerKey key, SetupLink link, CancellationToken cancellationToken) =>
        Run(() => inner.AddLinkAsync(key, link, cancellationToken), cancellationToken);

    public Task<LinkReceipt> ChangeLinkAsync(CustomerKey key, LinkChange change, CancellationToken cancellationToken) =>
        Run(() => inner.ChangeLinkAsync(key, change, cancellationToken), cancellationToken);

    public Task<Receipt> SetContactPhoneAsync(CustomerKey key, string? phone, CancellationToken cancellationToken) =>
        Run(() => inner.SetContactPhoneAsync(key, phone, cancellationToken), cancellationToken);

    public Task<Receipt> ChangeCustomerAsync(CustomerKey key, CustomerChange change, string? by, CancellationToken cancellationToken) =>
        Run(() => inner.ChangeCustomerAsync(key, change, by, cancellationToken), cancellationToken);

    public Task<KeptWebhook> ReadWebhookAsync(string projectId, CancellationToken cancellationToken) =>
        Run(() => inner.ReadWebhookAsync(projectId, cancellationToken), cancellationToken);

    public Task<bool> SaveWebhookAsync(string projectId, KeptWebhook webhook, CancellationToken cancellationToken) =>
        Run(() => inner.SaveWebhookAsync(projectId, webhook, cancellationToken), cancellationToken);

    public Task<ReceiverBook> ReadReceiversAsync(string projectId, CancellationToken cancellationToken) =>
        Run(() => inner.ReadReceiversAsync(projectId, cancellationToken), cancellationToken);

    public Task<bool> SaveReceiversAsync(string projectId, ReceiverBook book, CancellationToken cancellationToken) =>
        Run(() => inner.SaveReceiversAsync(projectId, book, cancellationToken), cancellationToken);

    public Task LookAtReceiversAsync(CustomerKey key, CancellationToken cancellationToken) =>
        Run(() => inner.LookAtReceiversAsync(key, cancellationToken), cancellationToken);

    public Task RecordMessageAsync(string projectId, string receiverId, ReceiverMessage message, CancellationToken cancellationToken) =>
        Run(() => inner.RecordMessageAsync(projectId, receiverId, message, cancellationToken), cancellationToken);

    public Task<Page<ReceiverMessage>> ListMessagesAsync(MessageQuery query, CancellationToken cancellationToken) =>
        Run(() => inner.ListMessagesAsync(query, cancellationToken), cancellationToken);

    public Task<ReceiverMessage?> FindMessageAsync(string projectId, string receiverId, string id, CancellationToken cancellationToken) =>
        Run(() => inner.FindMessageAsync(projectId, receiverId, id, cancellationToken), cancellationToken);

    public Task<EffectAction> SendAgainAsync(CustomerKey key, Effect notify, string? by, CancellationToken cancellationToken) =>
        Run(() => inner.SendAgainAsync(key, notify, by, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<ReceiverTraffic>> ReadTrafficAsync(string projectId, CancellationToken cancellationToken) =>
        Run(() => inner.ReadTrafficAsync(projectId, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<LinksToCheck>> ListLinksToCheckAsync(
        string projectId, int limit, CancellationToken cancellationToken) =>
        Run(() => inner.ListLinksToCheckAsync(projectId, limit, cancellationToken), cancellationToken);

    public Task<EffectAction> ResendAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken) =>
        Run(() => inner.ResendAsync(key, effectId, by, cancellationToken), cancellationToken);

    public Task<EffectAction> SettleAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken) =>
        Run(() => inner.SettleAsync(key, effectId, by, cancellationToken), cancellationToken);

    public Task<EffectAction> GreetAsync(CustomerKey key, string phoneNumberId, string? by, CancellationToken cancellationToken) =>
        Run(() => inner.GreetAsync(key, phoneNumberId, by, cancellationToken), cancellationToken);

    public Task NoteAsync(CustomerKey key, TimelineEntry note, CancellationToken cancellationToken) =>
        Run(() => inner.NoteAsync(key, note, cancellationToken), cancellationToken);

    public Task<Connection?> FindAsync(CustomerKey key, CancellationToken cancellationToken) =>
        Run(() => inner.FindAsync(key, cancellationToken), cancellationToken);

    public IAsyncEnumerable<Connection> WatchAsync(CustomerKey key, CancellationToken cancellationToken) =>
        inner.WatchAsync(key, cancellationToken);

    public Task<CustomerKey?> FindByStateAsync(string state, CancellationToken cancellationToken) =>
        Run(() => inner.FindByStateAsync(state, cancellationToken), cancellationToken);

    public Task<CustomerKey?> FindByLinkAsync(string projectId, string setupLinkId, CancellationToken cancellationToken) =>
        Run(() => inner.FindByLinkAsync(projectId, setupLinkId, cancellationToken), cancellationToken);

    public Task<CustomerKey?> FindByNumberAsync(string projectId, string phoneNumberId, CancellationToken cancellationToken) =>
        Run(() => inner.FindByNumberAsync(projectId, phoneNumberId, cancellationToken), cancellationToken);

    public Task<Page<ConnectionRow>> ListConnectionsAsync(ConnectionQuery query, CancellationToken cancellationToken) =>
        Run(() => inner.ListConnectionsAsync(query, cancellationToken), cancellationToken);

    public Task<Page<EffectRow>> ListEffectsAsync(
        string projectId, EffectStatus status, string? cursor, int limit, CancellationToken cancellationToken) =>
        Run(() => inner.ListEffectsAsync(projectId, status, cursor, limit, cancellationToken), cancellationToken);

    public Task ParkAsync(ParkedDelivery delivery, CancellationToken cancellationToken) =>
        Run(() => inner.ParkAsync(delivery, cancellationToken), cancellationToken);

    public Task<Page<ParkedHead>> ListParkedAsync(
        string projectId, string? cursor, int limit, CancellationToken cancellationToken) =>
        Run(() => inner.ListParkedAsync(projectId, cursor, limit, cancellationToken), cancellationToken);

    public Task<ParkedDelivery?> FindParkedAsync(string projectId, string id, CancellationToken cancellationToken) =>
        Run(() => inner.FindParkedAsync(projectId, id, cancellationToken), cancellationToken);

    public Task<ParkedDelivery?> ResolveParkedAsync(
        string projectId, string id, ParkedStatus status, CancellationToken cancellationToken) =>
        Run(() => inner.ResolveParkedAsync(projectId, id, status, cancellationToken), cancellationToken);

    public Task<int> HoldHintAsync(string projectId, Observation hint, CancellationToken cancellationToken) =>
        Run(() => inner.HoldHintAsync(projectId, hint, cancellationToken), cancellationToken);

    public Task AddTurnedAwayAsync(string? projectId, IReadOnlyList<TurnedAwayTally> tallies, CancellationToken cancellationToken) =>
        Run(() => inner.AddTurnedAwayAsync(projectId, tallies, cancellationToken), cancellationToken);

    public Task CountEventAsync(string projectId, SeenEvent seen, CancellationToken cancellationToken) =>
        Run(() => inner.CountEventAsync(projectId, seen, cancellationToken), cancellationToken);

    public Task KeepFailedSetupAsync(string projectId, FailedSetup failed, CancellationToken cancellationToken) =>
        Run(() => inner.KeepFailedSetupAsync(projectId, failed, cancellationToken), cancellationToken);

    public Task<bool> IntendCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken) =>
        Run(() => inner.IntendCustomerAsync(projectId, intent, cancellationToken), cancellationToken);

    public Task WithdrawCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken) =>
        Run(() => inner.WithdrawCustomerAsync(projectId, intent, cancellationToken), cancellationToken);

    public Task<ProjectActivity> ReadActivityAsync(string projectId, CancellationToken cancellationToken) =>
        Run(() => inner.ReadActivityAsync(projectId, cancellationToken), cancellationToken);

    public Task<Reconciliation> ReadReconciliationAsync(string projectId, CancellationToken cancellationToken) =>
        Run(() => inner.ReadReconciliationAsync(projectId, cancellationToken), cancellationToken);

    public Task<bool> SaveReconciliationAsync(
        string projectId, Reconciliation reconciliation, CancellationToken cancellationToken) =>
        Run(() => inner.SaveReconciliationAsync(projectId, reconciliation, cancellationToken), cancellationToken);

    public Task<DateTimeOffset?> FindReplacementAsync(string projectId, CancellationToken cancellationToken) =>
        Run(() => inner.FindReplacementAsync(projectId, cancellationToken), cancellationToken);

    public Task<bool> AcceptStoreAsync(string projectId, string by, CancellationToken cancellationToken) =>
        Run(() => inner.AcceptStoreAsync(projectId, by, cancellationToken), cancellationToken);

    public Task<ProjectCounts> CountAsync(string projectId, CancellationToken cancellationToken) =>
        Run(() => inner.CountAsync(projectId, cancellationToken), cancellationToken);

    public Task<Page<MarkedNumber>> ListMarkedNumbersAsync(
        string projectId, NumberMark mark, string? cursor, int limit, CancellationToken cancellationToken) =>
        Run(() => inner.ListMarkedNumbersAsync(projectId, mark, cursor, limit, cancellationToken), cancellationToken);

    public Task AppendAuditAsync(AuditLine line, CancellationToken cancellationToken) =>
        Run(() => inner.AppendAuditAsync(line, cancellationToken), cancellationToken);

    public Task<bool> CompleteAuditAsync(string? projectId, string id, AuditEnd end, CancellationToken cancellationToken) =>
        Run(() => inner.CompleteAuditAsync(projectId, id, end, cancellationToken), cancellationToken);

    public Task<Page<AuditLine>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        Run(() => inner.ListAuditAsync(query, cancellationToken), cancellationToken);

    public Task RedactAuditAsync(CustomerKey key, string hash, CancellationToken cancellationToken) =>
        Run(() => inner.RedactAuditAsync(key, hash, cancellationToken), cancellationToken);

    public Task<Erasure> EraseAsync(CustomerKey key, CancellationToken cancellationToken) =>
        Run(() => inner.EraseAsync(key, cancellationToken), cancellationToken);

    public Task<Erasure?> FindErasureAsync(CustomerKey key, CancellationToken cancellationToken) =>
        Run(() => inner.FindErasureAsync(key, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<Erasure>> ContinueErasuresAsync(string projectId, CancellationToken cancellationToken) =>
        Run(() => inner.ContinueErasuresAsync(projectId, cancellationToken), cancellationToken);

    public Task<EngineHealth> CheckAsync(CancellationToken cancellationToken) =>
        Run(() => inner.CheckAsync(cancellationToken), cancellationToken);

    // The replay of parked deliveries lists by itself, at any time.
    private void Count(string method)
    {
        if (method is nameof(ObserveAsync) or nameof(ParkAsync) or nameof(CountEventAsync) or nameof(FindByNumberAsync))
            Interlocked.Increment(ref _calls);
    }

    private async Task<T> Run<T>(
        Func<Task<T>> call, CancellationToken cancellationToken, [CallerMemberName] string method = "")
    {
        Count(method);
        await Before(method, cancellationToken);
        return await call();
    }

    private async Task Run(Func<Task> call, CancellationToken cancellationToken, [CallerMemberName] string method = "")
    {
        Count(method);
        await Before(method, cancellationToken);
        await call();
    }
}
