using System.Collections.Immutable;

namespace Kapso.Engines.Contract;

/// <summary>A secret that signs what the platform sends.</summary>
/// <param name="Value">The secret.</param>
/// <param name="Until">Until when it is accepted beside a newer one; null for as long as the platform may sign with it.</param>
public sealed record WebhookSecret(BearerSecret Value, DateTimeOffset? Until = null);

/// <summary>
/// The webhook that the service keeps at the platform for a project. An immutable value that an engine keeps, written only over the version
/// it was read at.
/// </summary>
public sealed record KeptWebhook
{
    /// <summary>Counts the writes, from 1; 0 where the project's webhook was never kept.</summary>
    public long Version { get; init; }

    /// <summary>The platform's id of it; null while it is not known to be there.</summary>
    public string? Id { get; init; }

    /// <summary>When the platform was last asked to make it; null where it was not, or answered that it did not.</summary>
    public DateTimeOffset? OrderedAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>
    /// The newest first, which the platform has or is about to be told. It is here before the platform hears of it, and what it takes the
    /// place of stays until the platform has it, and for a while after.
    /// </summary>
    public ImmutableArray<WebhookSecret> Secrets { get; init; } = [];

    /// <summary>When the service last enabled it after a pause; null for never.</summary>
    public DateTimeOffset? EnabledAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>The next version, with a new secret. What it takes the place of is accepted until <see cref="Settled"/> sets its end.</summary>
    public KeptWebhook WithSecret(BearerSecret secret) => this with
    {
        Version = Version + 1,
        Secrets = [new WebhookSecret(secret), .. Secrets],
    };

    /// <summary>The next version, where the platform signs with the newest secret: the others end. The same where they have ends already.</summary>
    /// <param name="now">Those that are over by now go.</param>
    /// <param name="until">Until when what was signed before may still come.</param>
    public KeptWebhook Settled(DateTimeOffset now, DateTimeOffset until) =>
        Secrets.Skip(1).All(secret => secret.Until > now)
            ? this
            : this with
            {
                Version = Version + 1,
                Secrets = [Secrets[0], .. Secrets.Skip(1).Where(secret => secret.Until is null || secret.Until > now).Select(secret => secret with { Until = secret.Until ?? until })],
            };
}
