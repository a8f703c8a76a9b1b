using System.Globalization;
using System.Security.Cryptography;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Microsoft.Extensions.Logging;

namespace Kapso.Platform.Webhooks;

/// <summary>
/// Keeps a project's webhook at the platform: makes it, takes over the one that has our address, gives it a secret of its own, and repairs
/// what was changed of it. Whoever works at the project's reconciliation calls it, so that one process at a time does.
/// </summary>
internal sealed partial class WebhookKeeper(
    IConnectionEngine engine, PlatformClient client, WebhookAddress address, TimeProvider time, ILogger<WebhookKeeper> logger)
{
    /// <summary>How long the secret before is accepted once the platform has the new one.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    /// <summary>How long a new secret is written down before the platform hears of it: every process knows it by then.</summary>
    public static readonly TimeSpan BeforeTelling = TimeSpan.FromSeconds(3);

    /// <summary>How long a webhook that was asked for may be missing from the platform's list before another one is made.</summary>
    public static readonly TimeSpan UntilListed = TimeSpan.FromMinutes(5);

    /// <summary>A webhook that is paused is enabled at most this often.</summary>
    public static readonly TimeSpan BetweenEnablings = TimeSpan.FromHours(1);

    private const string Version = "v2";
    private const int SecretBytes = 32;
    private const int MaxConflicts = 20;

    private string ProjectId => address.ProjectId;

    /// <summary>Makes the webhook as it is to be.</summary>
    /// <param name="webhooks">The webhooks of the project at the platform.</param>
    /// <param name="cancellationToken">Stops waiting; what was told to the platform stays told.</param>
    /// <returns>The project's webhooks as they are now, and what could not be done, as sentences.</returns>
    public async Task<(IReadOnlyList<PlatformWebhook> Webhooks, string? Problem)> KeepAsync(
        IReadOnlyList<PlatformWebhook> webhooks, CancellationToken cancellationToken)
    {
        var kept = await UpdateAsync(known => known.Secrets.IsEmpty ? known.WithSecret(NewSecret()) : known, cancellationToken);
        if (Find(webhooks, kept) is not { } ours)
            return await CreateAsync(webhooks, kept, cancellationToken);

        await AdoptAsync(ours, kept, cancellationToken);
        var (repaired, problem) = await RepairAsync(ours, cancellationToken);
        if (problem is null && !repaired.Active)
            (repaired, problem) = await EnableAsync(repaired, cancellationToken);
        return ([.. webhooks.Select(one => one.Id == ours.Id ? repaired : one)], problem);
    }

    /// <summary>Gives the webhook a new secret; what was signed with the one before is accepted for <see cref="Overlap"/>.</summary>
    /// <returns>Until when; and the platform's answer, null where no webhook is kept yet.</returns>
    public async Task<(DateTimeOffset Until, PlatformAnswer<string>? Answer)> RotateAsync(CancellationToken cancellationToken)
    {
        if (await engine.ReadWebhookAsync(ProjectId, cancellationToken) is not { Id: { } id })
            return (default, null);
        var fresh = NewSecret();
        await UpdateAsync(known => known.WithSecret(fresh), cancellationToken);
        await Task.Delay(BeforeTelling, time, cancellationToken);
        var answer = await client.ChangeWebhookAsync(id, new WebhookMembers { SecretKey = fresh.Reveal }, CallPurpose.Management, cancellationToken);
        var until = time.GetUtcNow() + Overlap;
        if (answer.IsDone)
            await UpdateAsync(known => known.Secrets[0].Value == fresh ? known.Settled(time.GetUtcNow(), until) : known, cancellationToken);
        return (until, answer);
    }

    /// <summary>The one that was made or taken over before, else one with our address: an active one first, the oldest of these.</summary>
    private PlatformWebhook? Find(IReadOnlyList<PlatformWebhook> webhooks, KeptWebhook kept) =>
        webhooks.FirstOrDefault(webhook => webhook.IsOfProject && webhook.Id == kept.Id)
            ?? address.Among(webhooks).OrderByDescending(webhook => webhook.Active).ThenBy(webhook => webhook.Id, StringComparer.Ordinal).FirstOrDefault();

    private async Task<(IReadOnlyList<PlatformWebhook> Webhooks, string? Problem)> CreateAsync(
        IReadOnlyList<PlatformWebhook> webhooks, KeptWebhook kept, CancellationToken cancellationToken)
    {
        // The platform's list may be behind, and two would deliver everything twice.
        var now = time.GetUtcNow();
        if (kept.OrderedAt is { } orderedAt && now >= orderedAt && now - orderedAt < UntilListed)
        {
            return kept.Id is { } id
                ? ([.. webhooks, AsOrdered(new PlatformWebhook(id, null, [], false, null, null))], null)
                : (webhooks, "The webhook was asked for, and the platform has not said whether it made it. It is looked for with the next passes, and asked for again after five minutes.");
        }

        await UpdateAsync(known => known with { Id = null, OrderedAt = now }, cancellationToken);
        await Task.Delay(BeforeTelling, time, cancellationToken);
        var secret = (await engine.ReadWebhookAsync(ProjectId, cancellationToken)).Secrets[0].Value;
        var made = await client.CreateWebhookAsync(
            new WebhookMembers { Url = address.Expected, SecretKey = secret.Reveal, Events = PlatformWebhook.AllEvents, Active = true, PayloadVersion = Version },
            cancellationToken);

        // Where nobody knows whether it was made, a later pass finds it by its address.
        if (made.Outcome is PlatformOutcome.Refused or PlatformOutcome.Unavailable)
            await UpdateAsync(known => known with { OrderedAt = null }, cancellationToken);
        if (!made.IsDone)
            return (webhooks, $"The webhook could not be made. {made.Error}");
        await UpdateAsync(known => (known with { Id = made.Value.Id }).Settled(time.GetUtcNow(), time.GetUtcNow() + Overlap), cancellationToken);
        await TellAsync(made.Value.Id, "created", cancellationToken);
        return ([.. webhooks, AsOrdered(made.Value)], null);
    }

    private PlatformWebhook AsOrdered(PlatformWebhook webhook) =>
        webhook with { Url = address.Expected, Events = PlatformWebhook.AllEvents, Active = true, PayloadVersion = Version };

    /// <summary>Writes down which one it is; what it was signed with so far is accepted until it has our secret.</summary>
    private async Task AdoptAsync(PlatformWebhook ours, KeptWebhook kept, CancellationToken cancellationToken)
    {
        if (kept.Id == ours.Id)
            return;
        await UpdateAsync(
            known => known.Id == ours.Id ? known : known with
            {
                Id = ours.Id,
                Secrets = ours.Secret is { } theirs && known.Secrets.All(secret => secret.Value != theirs) ? known.Secrets.Add(new WebhookSecret(theirs)) : known.Secrets,
            },
            cancellationToken);
        await TellAsync(ours.Id, "adopted", cancellationToken);
    }

    private async Task<(PlatformWebhook Webhook, string? Problem)> RepairAsync(PlatformWebhook ours, CancellationToken cancellationToken)
    {
        var secret = (await engine.ReadWebhookAsync(ProjectId, cancellationToken)).Secrets[0].Value;
        var isMoved = !address.IsReachedBy(ours.Url);
        var isOld = ours.PayloadVersion == "v1";
        var lacksEvents = isOld || ours.MissingEvents.Count + ours.MissingAccountEvents.Count > 0;
        var hasOtherSecret = ours.Secret != secret;
        IReadOnlyList<string> events = lacksEvents ? [.. ours.Events.Union(PlatformWebhook.AllEvents)] : ours.Events;
        if (isMoved || lacksEvents || hasOtherSecret)
        {
            if (hasOtherSecret)
            {
                await Task.Delay(BeforeTelling, time, cancellationToken);
                secret = (await engine.ReadWebhookAsync(ProjectId, cancellationToken)).Secrets[0].Value; // Somebody may have asked for a new one.
            }

            var changed = await client.ChangeWebhookAsync(
                ours.Id,
                new WebhookMembers
                {
                    Url = isMoved ? address.Expected : null,
                    SecretKey = hasOtherSecret ? secret.Reveal : null,
                    Events = lacksEvents ? events : null,
                    PayloadVersion = isOld ? Version : null,
                },
                CallPurpose.Reconciliation,
                cancellationToken);
            if (!changed.IsDone)
                return (ours, $"The webhook {ours.Id} could not be repaired. {changed.Error}");
            string[] what = [.. isMoved ? ["address"] : (string[])[], .. hasOtherSecret ? ["secret"] : (string[])[], .. lacksEvents ? ["events"] : (string[])[], .. isOld ? ["version"] : (string[])[]];
            await TellAsync(ours.Id, "repaired: " + string.Join(", ", what), cancellationToken);
        }

        await UpdateAsync(known => known.Secrets[0].Value == secret ? known.Settled(time.GetUtcNow(), time.GetUtcNow() + Overlap) : known, cancellationToken);
        return (ours with { Url = isMoved ? address.Expected : ours.Url, Events = events, PayloadVersion = isOld ? Version : ours.PayloadVersion, Secret = secret }, null);
    }

    /// <summary>Enables a webhook that is paused, where a test delivery comes through.</summary>
    private async Task<(PlatformWebhook Webhook, string? Problem)> EnableAsync(PlatformWebhook ours, CancellationToken cancellationToken)
    {
        var kept = await engine.ReadWebhookAsync(ProjectId, cancellationToken);
        if (kept.EnabledAt is { } enabledAt && time.GetUtcNow() - enabledAt is var ago && ago >= TimeSpan.Zero && ago < BetweenEnablings)
        {
            return (ours, string.Create(
                CultureInfo.InvariantCulture,
                $"The webhook {ours.Id} was enabled at {enabledAt.UtcDateTime:s}Z, and is paused again. It is not enabled again before {(enabledAt + BetweenEnablings).UtcDateTime:s}Z: see what its deliveries fail with."));
        }

        var test = await TestDelivery.SendAsync(engine, client, ProjectId, ours.Id, CallPurpose.Reconciliation, time, cancellationToken);
        if (!test.Asked.IsDone)
            return (ours, $"The webhook {ours.Id} is paused, and a test delivery could not be asked for. {test.Asked.Error}");
        if (test.Took is null)
        {
            return (ours, string.Create(
                CultureInfo.InvariantCulture,
                $"The webhook {ours.Id} is paused, and stays so: a test delivery was asked for and did not come within {TestDelivery.Patience.TotalSeconds:0} s. Look whether {address.Expected} is reached from outside."));
        }

        // Before it is done, so that it is not done more often than it is known.
        await UpdateAsync(known => known with { EnabledAt = time.GetUtcNow() }, cancellationToken);
        var enabled = await client.ChangeWebhookAsync(ours.Id, new WebhookMembers { Active = true }, CallPurpose.Reconciliation, cancellationToken);
        if (!enabled.IsDone)
            return (ours, $"The webhook {ours.Id} is paused, and could not be enabled. {enabled.Error}");
        await TellAsync(ours.Id, "enabled after a pause", cancellationToken);
        return (ours with { Active = true }, null);
    }

    /// <summary>Says what was done, in the log and in the audit.</summary>
    private async Task TellAsync(string id, string what, CancellationToken cancellationToken)
    {
        LogDone(ProjectId, id, what);
        await engine.AppendAuditAsync(
            new AuditLine
            {
                Id = AuditLine.NewId(time.GetUtcNow()),
                Action = "webhook.keep",
                By = AuditActor.Itself,
                ProjectId = ProjectId,
                Target = id,
                Detail = what,
                Outcome = AuditOutcome.Done,
            },
            cancellationToken);
    }

    /// <summary>Changes what is kept, again where somebody else was quicker.</summary>
    /// <param name="change">What is to be; the same one to leave it.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    private async Task<KeptWebhook> UpdateAsync(Func<KeptWebhook, KeptWebhook> change, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            var known = await engine.ReadWebhookAsync(ProjectId, cancellationToken);
            var next = change(known);
            if (ReferenceEquals(next, known))
                return known;
            next = next with { Version = known.Version + 1 };
            if (await engine.SaveWebhookAsync(ProjectId, next, cancellationToken))
                return next;
        }

        throw new EngineUnavailableException("The kept webhook was changed by others again and again.");
    }

    private static BearerSecret NewSecret() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)));

    [LoggerMessage(1, LogLevel.Information, "The webhook {WebhookId} of project {ProjectId} at the platform was {What}.")]
    private partial void LogDone(string projectId, string webhookId, string what);
}
