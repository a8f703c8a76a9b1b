using System.Globalization;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Settings;
using Kapso.Platform.Webhooks;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Reconciling;

/// <summary>
/// Finds out whether a project's webhooks would arrive: asks the platform for its webhooks, has it send its test delivery, and waits for that,
/// whichever process it comes to.
/// </summary>
public sealed class SetupTest(IConnectionEngine engine, PlatformClients clients, IOptions<KapsoOptions> options, TimeProvider time)
{
    private const string NotLookedAt = "Not looked at: a step before it has to hold.";
    private const string Refused = "401";
    private const string Taken = "200";

    /// <summary>Further apart, two clocks are called wrong. The platform tells its own in whole seconds.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    /// <summary>Tests a project's set-up, for 15 seconds and a few calls to the platform at most.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="publicUrl">Where the platform reaches this service.</param>
    /// <param name="cancellationToken">Stops waiting; nothing is left behind.</param>
    /// <returns>Every step, in order.</returns>
    public async Task<IReadOnlyList<SetupFinding>> RunAsync(string projectId, Uri publicUrl, CancellationToken cancellationToken)
    {
        var found = new List<SetupFinding>();
        await foreach (var finding in LookAsync(projectId, publicUrl, cancellationToken))
            found.Add(finding);
        return [.. Enum.GetValues<SetupStep>().Select(step => found.Find(finding => finding.Step == step) ?? NotKnown(step, NotLookedAt))];
    }

    private async IAsyncEnumerable<SetupFinding> LookAsync(
        string projectId, Uri publicUrl, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (clients.Find(projectId) is not { } client)
        {
            yield return Fails(SetupStep.ApiKey, "The project has no ApiKey to ask the platform with: set it in Kapso:Projects.");
            yield break;
        }

        var (webhooks, listed) = await ListAsync(client, cancellationToken);
        yield return Key(listed);
        yield return Clock(listed.AnsweredAt);
        if (!listed.IsDone)
            yield break;
        var address = new WebhookAddress(publicUrl, projectId, options.Value.Projects.Count == 1);
        var ours = address.Among(webhooks).OrderByDescending(webhook => webhook.Active).FirstOrDefault();
        var wrong = WebhookCheck.Find(webhooks, publicUrl, projectId, options.Value.Projects.Count == 1).Values.FirstOrDefault();
        yield return wrong is null
            ? Holds(SetupStep.Webhook, $"The webhook {ours!.Id} delivers to {WebhookAddress.Shown(ours.Url)}, is active, and has every event.")
            : Fails(SetupStep.Webhook, wrong);
        if (ours is not { Active: true })
            yield break;
        foreach (var finding in await TestAsync(client, projectId, ours, cancellationToken))
            yield return finding;
    }

    private static SetupFinding Key(PlatformAnswer<PlatformPage<PlatformWebhook>> listed) =>
        listed.IsDone ? Holds(SetupStep.ApiKey, "The platform takes the project's ApiKey.")
        : listed.Outcome == PlatformOutcome.Refused ? Fails(SetupStep.ApiKey, listed.Advised)
        : NotKnown(SetupStep.ApiKey, listed.Error);

    private SetupFinding Clock(DateTimeOffset? platforms)
    {
        if (platforms is not { } at)
            return NotKnown(SetupStep.Clock, "The platform did not say what time it is there.");
        var ahead = time.GetUtcNow() - at;
        return ahead.Duration() < Apart
            ? Holds(SetupStep.Clock, "The clocks here and at the platform are less than a minute apart.")
            : Fails(SetupStep.Clock, string.Create(
                CultureInfo.InvariantCulture,
                $"The clock of this process is {Math.Round(ahead.Duration().TotalMinutes)} minutes {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the platform's: set it by NTP."));
    }

    private async Task<IReadOnlyList<SetupFinding>> TestAsync(PlatformClient client, string projectId, PlatformWebhook ours, CancellationToken cancellationToken)
    {
        var test = await TestDelivery.SendAsync(engine, client, projectId, ours.Id, CallPurpose.Management, time, cancellationToken);
        if (!test.Asked.IsDone)
            return [NotKnown(SetupStep.Reachable, $"A test delivery could not be asked for. {test.Asked.Error}")];
        if (test.Took is { } took)
        {
            return
            [
                Holds(SetupStep.Reachable, string.Create(CultureInfo.InvariantCulture, $"The platform's test delivery came within {Math.Ceiling(took.TotalSeconds)} s.")),
                Holds(SetupStep.Signature, "It was signed with a secret that is known here."),
                Holds(SetupStep.Event, "It was understood, and counted as a test."),
            ];
        }

        var log = await client.ListDeliveriesAsync(ours.Id, CallPurpose.Management, cancellationToken);
        var answer = log.IsDone ? log.Value.Items.FirstOrDefault(delivery => delivery.WebhookId == ours.Id)?.Answer : null;
        var shown = WebhookAddress.Shown(ours.Url);
        return answer switch
        {
            Refused =>
            [
                Holds(SetupStep.Reachable, "By the platform's log, its newest delivery was answered 401."),
                Fails(SetupStep.Signature, options.Value.Projects.Any(project => project.Id == projectId && project.Webhook == WebhookSetup.Managed)
                    ? "The webhook's secret is not the one that the service made: the next reconciliation repairs it."
                    : "The webhook's secret is none of the project's WebhookSecrets: compare them. Where no delivery was turned away here, something before the service answers 401."),
            ],
            Taken => [Fails(SetupStep.Reachable, $"By the platform's log, its newest delivery was answered 200, and it did not come here: something else answers at {shown}.")],
            null => [Fails(SetupStep.Reachable, $"The test delivery did not come within {TestDelivery.Patience.TotalSeconds:0} s, and the platform's log does not say why: look whether {shown} is reached from outside.")],
            _ => [Fails(SetupStep.Reachable, $"The test delivery did not come within {TestDelivery.Patience.TotalSeconds:0} s. The platform's log says of its newest delivery: {answer.TrimEnd('.')}. Look whether {shown} is reached from outside.")],
        };
    }

    private static async Task<(List<PlatformWebhook> Webhooks, PlatformAnswer<PlatformPage<PlatformWebhook>> Last)> ListAsync(
        PlatformClient client, CancellationToken cancellationToken)
    {
        var webhooks = new List<PlatformWebhook>();
        string? page = null;
        while (true)
        {
            var answer = await client.ListWebhooksAsync(page, CallPurpose.Management, cancellationToken);
            webhooks.AddRange(answer.Value?.Items ?? []);
            page = answer.Value?.Next;
            if (page is null)
                return (webhooks, answer);
        }
    }

    private static SetupFinding Holds(SetupStep step, string detail) => new(step, SetupState.Holds, detail);

    private static SetupFinding Fails(SetupStep step, string detail) => new(step, SetupState.Fails, detail);

    private static SetupFinding NotKnown(SetupStep step, string detail) => new(step, SetupState.NotKnown, detail);
}
