using Kapso.Connections.Reconciling;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Numbers;
using Kapso.Platform.Webhooks;

namespace Kapso.Platform.Reconciling;

/// <summary>
/// One process's work at one pass, from where the pass stands to its end. After each page and each question it is written down
/// how far it got.
/// </summary>
internal sealed partial class PassRun(
    PassRecord record, PlatformClient client, IConnectionEngine engine, PassTerms terms, Action<AlarmChange> tell, TimeProvider time,
    WebhookKeeper? keeper = null)
{
    /// <summary>The name that answers have in the timeline.</summary>
    internal const string Event = "api.reconcile";

    /// <summary>Calls in a row that may fail before the pass is given up. The client has repeated each of them already.</summary>
    private const int MaxFailures = 5;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    /// <summary>Goes on until the pass is done.</summary>
    /// <exception cref="PassLostException">Another process has taken it over.</exception>
    /// <exception cref="PassGivenUpException">The platform does not answer, or refuses to.</exception>
    /// <exception cref="EngineUnavailableException">What was found could not be written.</exception>
    public async Task RunAsync(ReconciliationPass pass, CancellationToken cancellationToken)
    {
        if (pass.Step == ReconciliationStep.Webhook)
            pass = await CheckWebhookAsync(cancellationToken);
        if (pass.Step == ReconciliationStep.List)
            pass = await ListAsync(pass, cancellationToken);
        if (pass.Step == ReconciliationStep.Ask)
            pass = await AskAsync(pass, cancellationToken);
        if (pass.Step == ReconciliationStep.Tell)
            pass = await TellAsync(pass, cancellationToken);
        await ReadNamesAsync(pass, cancellationToken);
        await CheckLinksAsync(pass, cancellationToken);
    }

    private async Task<ReconciliationPass> CheckWebhookAsync(CancellationToken cancellationToken)
    {
        if (terms.PublicUrl is { } publicUrl)
        {
            var (webhooks, problem) = (await ListWebhooksAsync(cancellationToken), (string?)null);
            if (keeper is not null)
                (webhooks, problem) = await keeper.KeepAsync(webhooks, cancellationToken);
            var found = problem is null
                ? WebhookCheck.Find(webhooks, publicUrl, record.ProjectId, terms.IsOnlyProject)
                : new Dictionary<ReconciliationAlarmKind, string> { [ReconciliationAlarmKind.WebhookNotKept] = problem };
            tell(await record.AlarmAsync(WebhookCheck.Kinds, found, cancellationToken));
        }

        return await record.AdvanceAsync(pass => pass with { Step = ReconciliationStep.List }, cancellationToken);
    }

    private async Task<IReadOnlyList<PlatformWebhook>> ListWebhooksAsync(CancellationToken cancellationToken)
    {
        var webhooks = new List<PlatformWebhook>();
        string? page = null;
        do
        {
            var answer = await CallAsync(
                stop => client.ListWebhooksAsync(page, CallPurpose.Reconciliation, stop), cancellationToken);
            webhooks.AddRange(answer.Items);
            page = answer.Next;
        }
        while (page is not null);
        return webhooks;
    }

    /// <summary>Asks the platform, again where it does not answer.</summary>
    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<PlatformAnswer<T>>> call, CancellationToken cancellationToken)
        where T : class
    {
        for (var failures = 1; ; failures++)
        {
            var answer = await call(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (answer.IsDone)
                return answer.Value;
            if (answer.Outcome == PlatformOutcome.Refused || failures == MaxFailures)
                throw new PassGivenUpException(answer.Error);

            var pause = answer.RetryAfter ?? TimeSpan.Zero;
            pause = pause < ShortestPause * failures ? ShortestPause * failures : pause < LongestPause ? pause : LongestPause;
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private Task<Receipt> ObserveAsync(CustomerKey key, Observation observation, CancellationToken cancellationToken) =>
        engine.ObserveAsync(key, observation, cancellationToken);

    private static Observation Read(PlatformNumber? row, string phoneNumberId, string customerId, DateTimeOffset receivedAt) =>
        NumberAnswers.Observe(row, phoneNumberId, customerId, Event, receivedAt);
}
