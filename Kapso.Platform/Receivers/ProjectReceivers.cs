using System.Security.Cryptography;

namespace Kapso.Platform.Receivers;

/// <summary>The receivers of projects: looked at, made, changed and taken away by people.</summary>
public sealed class ProjectReceivers(IConnectionEngine engine, ReceiverDirectory directory, TimeProvider time)
{
    /// <summary>How long the secret before signs beside a new one.</summary>
    public static readonly TimeSpan RotationTime = TimeSpan.FromHours(24);

    private const int SecretBytes = 32;
    private const int MaxConflicts = 20;

    /// <summary>All of a project's receivers, those of the settings first.</summary>
    public async Task<IReadOnlyList<ReceiverState>> ListAsync(string projectId, CancellationToken cancellationToken)
    {
        var book = await engine.ReadReceiversAsync(projectId, cancellationToken);
        var traffic = (await engine.ReadTrafficAsync(projectId, cancellationToken)).ToDictionary(static one => one.ReceiverId, StringComparer.Ordinal);
        return
        [
            .. directory.TermsOfSettings.Select(terms => ReceiverState.Of(
                terms, directory.Find(book, terms.Id)!.Url!, isOfSettings: true, book.Find(terms.Id), traffic.GetValueOrDefault(terms.Id))),
            .. book.Receivers.Where(entry => IsOwn(entry) && entry.RemovedAt is null).Select(entry => ReceiverState.Of(
                entry.Terms, entry.Url!, isOfSettings: false, entry, traffic.GetValueOrDefault(entry.Id))),
        ];
    }

    /// <summary>One of a project's receivers; null where there is none with this id.</summary>
    public async Task<ReceiverState?> FindAsync(string projectId, string id, CancellationToken cancellationToken) =>
        (await ListAsync(projectId, cancellationToken)).FirstOrDefault(receiver => receiver.Id == id);

    /// <summary>Whether a project has a receiver with this id.</summary>
    public async Task<bool> ExistsAsync(string projectId, string id, CancellationToken cancellationToken) =>
        directory.Find(await engine.ReadReceiversAsync(projectId, cancellationToken), id) is not null;

    /// <summary>Makes a receiver.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="order">What it is to be.</param>
    /// <param name="secret">What signs messages to it; null to have one made.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>Its id and secret; null where there are as many as a project can have.</returns>
    public async Task<(string Id, BearerSecret Secret)?> CreateAsync(
        string projectId, ReceiverOrder order, string? secret, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        var entry = new ReceiverEntry
        {
            Id = $"rcv_{Guid.CreateVersion7(time.GetUtcNow()):n}",
            Url = order.Url,
            Types = order.Types,
            Tag = order.Tag,
            Secrets = [new ReceiverSecret(secret is null ? NewSecret() : new BearerSecret(secret))],
            CreatedAt = time.GetUtcNow(),
        };
        var isKept = await UpdateAsync(
            projectId,
            book => book.Find(entry.Id) is not null ? book : book.Receivers.Length >= ReceiverBook.MaxReceivers ? null : book.With(entry),
            cancellationToken);
        return isKept ? (entry.Id, entry.Secrets[0].Value) : null;
    }

    /// <summary>Changes a receiver of the project's own.</summary>
    public Task<ReceiverChange> ChangeAsync(string projectId, string id, ReceiverOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        return ChangeOwnAsync(
            projectId, id, entry => entry with { Url = order.Url, Types = order.Types, Tag = order.Tag }, cancellationToken);
    }

    /// <summary>Gives a receiver a new secret; the one before signs beside it for <see cref="RotationTime"/>.</summary>
    /// <returns>The new secret, where that was done.</returns>
    public async Task<(ReceiverChange Change, BearerSecret Secret)> RotateAsync(
        string projectId, string id, string? secret, CancellationToken cancellationToken)
    {
        var fresh = secret is null ? NewSecret() : new BearerSecret(secret);
        var change = await ChangeOwnAsync(
            projectId,
            id,
            entry => entry.Secrets[0].Value == fresh ? entry : entry with
            {
                Secrets = [new ReceiverSecret(fresh), entry.Secrets[0] with { Until = time.GetUtcNow() + RotationTime }],
            },
            cancellationToken);
        return (change, fresh);
    }

    /// <summary>Takes a receiver away; what waits for it is dropped.</summary>
    public Task<ReceiverChange> RemoveAsync(string projectId, string id, CancellationToken cancellationToken) => ChangeOwnAsync(
        projectId, id, entry => entry with { RemovedAt = time.GetUtcNow(), Secrets = [], IsReleasing = true }, cancellationToken);

    /// <summary>Has nothing more be sent to a receiver: what it is told waits as held.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="id">The receiver.</param>
    /// <param name="by">Who asks; null where nobody gave a name.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    public Task<ReceiverChange> DisableAsync(string projectId, string id, string? by, CancellationToken cancellationToken) => ChangeAnyAsync(
        projectId,
        id,
        entry => entry.DisabledAt is not null ? entry : entry with
        {
            DisabledAt = time.GetUtcNow(),
            DisabledWhy = by is null ? "A person disabled it." : $"{by} disabled it.",
            DisabledBy = by,
            IsReleasing = false,
        },
        cancellationToken);

    /// <summary>Has messages be sent to a receiver again: what is held for it goes out in order.</summary>
    public Task<ReceiverChange> EnableAsync(string projectId, string id, CancellationToken cancellationToken) => ChangeAnyAsync(
        projectId,
        id,
        entry => entry.DisabledAt is null ? entry : entry with
        {
            DisabledAt = null,
            DisabledWhy = null,
            DisabledBy = null,
            EnabledAt = time.GetUtcNow(),
            IsReleasing = true,
        },
        cancellationToken);

    /// <summary>Changes what a project keeps of its receivers, again where somebody else was quicker.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="change">The next version; the same one to leave it, null to give up.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>Whether it is so.</returns>
    internal async Task<bool> UpdateAsync(string projectId, Func<ReceiverBook, ReceiverBook?> change, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            var book = await engine.ReadReceiversAsync(projectId, cancellationToken);
            if (change(book) is not { } next)
                return false;
            if (ReferenceEquals(next, book) || await engine.SaveReceiversAsync(projectId, next, cancellationToken))
                return true;
        }

        throw new EngineUnavailableException("The receivers were changed by others again and again.");
    }

    private Task<ReceiverChange> ChangeOwnAsync(
        string projectId, string id, Func<ReceiverEntry, ReceiverEntry> change, CancellationToken cancellationToken) =>
        directory.IsOfSettings(id) ? Task.FromResult(ReceiverChange.OfSettings) : ChangeAnyAsync(projectId, id, change, cancellationToken);

    private async Task<ReceiverChange> ChangeAnyAsync(
        string projectId, string id, Func<ReceiverEntry, ReceiverEntry> change, CancellationToken cancellationToken)
    {
        var isDone = await UpdateAsync(
            projectId,
            book =>
            {
                var entry = book.Find(id);
                if (entry is null && directory.IsOfSettings(id))
                    entry = new ReceiverEntry { Id = id, CreatedAt = time.GetUtcNow() };
                if (entry is null or { RemovedAt: not null })
                    return null;
                var changed = change(entry);
                return ReferenceEquals(changed, entry) ? book : book.With(changed);
            },
            cancellationToken);
        return isDone ? ReceiverChange.Done : ReceiverChange.NotFound;
    }

    private bool IsOwn(ReceiverEntry entry) => entry.Url is not null && !directory.IsOfSettings(entry.Id);

    private static BearerSecret NewSecret() =>
        new(StandardWebhookSecret.Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)));
}
