using System.Collections.Immutable;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Receivers;

/// <summary>
/// Looks at the receivers of every project once a minute: one to which nothing went through for a day is disabled, and the others are told;
/// what is held for one that was enabled again goes out. However many processes do so, each thing is done.
/// </summary>
internal sealed partial class ReceiverService(
    IConnectionEngine engine,
    ProjectReceivers receivers,
    ReceiverMessages messages,
    ReceiverDirectory directory,
    IOptions<KapsoOptions> options,
    TimeProvider time,
    ILogger<ReceiverService> logger) : BackgroundService
{
    /// <summary>How long nothing may go through before a receiver is disabled.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);
    private const int PageSize = 500;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var project in options.Value.Projects)
            {
                try
                {
                    await LookAsync(project.Id, stoppingToken);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
#pragma warning disable CA1031 // Whatever it was, it is looked at again in a minute.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    LogNotLooked(project.Id, exception.Message);
                }
            }

            await Task.Delay(BetweenLooks, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Looks at a project's receivers once.</summary>
    internal async Task LookAsync(string projectId, CancellationToken cancellationToken)
    {
        foreach (var receiver in await receivers.ListAsync(projectId, cancellationToken))
        {
            if (receiver is { DisabledAt: null, Traffic.FailingSince: { } since } && FailsFor(receiver, since) >= Patience)
                await DisableAsync(projectId, receiver, since, cancellationToken);
        }

        var book = await engine.ReadReceiversAsync(projectId, cancellationToken);
        foreach (var entry in book.Receivers.Where(static entry => entry.IsReleasing))
            await ReleaseAsync(projectId, entry, cancellationToken);
        foreach (var notice in book.Notices)
            await TellAsync(projectId, notice, cancellationToken);
        await ForgetAsync(projectId, cancellationToken);
    }

    /// <summary>For how long nothing went through; what failed before a person enabled it again does not count.</summary>
    private TimeSpan FailsFor(ReceiverState receiver, DateTimeOffset since)
    {
        var from = receiver.Kept?.EnabledAt is { } enabled && enabled > since ? enabled : since;
        return time.GetUtcNow() - from;
    }

    private async Task DisableAsync(string projectId, ReceiverState receiver, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var (now, why) = (time.GetUtcNow(), string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"Nothing went through to it since {since.UtcDateTime:yyyy-MM-dd HH:mm} UTC."));
        var isNew = false;
        await receivers.UpdateAsync(
            projectId,
            book =>
            {
                isNew = false;
                var entry = book.Find(receiver.Id) ?? new ReceiverEntry { Id = receiver.Id, CreatedAt = now };
                if (entry is { DisabledAt: not null } or { RemovedAt: not null })
                    return book;
                isNew = true;
                ImmutableArray<string> others =
                [
                    .. book.Terms(directory.TermsOfSettings).Where(terms => terms is { IsDisabled: false, IsRemoved: false } && terms.Id != receiver.Id)
                        .Select(static terms => terms.Id),
                ];
                var disabled = book.With(entry with { DisabledAt = now, DisabledWhy = why, DisabledBy = null, IsReleasing = false });
                return others.IsEmpty ? disabled : disabled with
                {
                    Notices = disabled.Notices.Add(new ReceiverNotice($"rdn_{Guid.NewGuid():n}", receiver.Id, now, why, others)),
                };
            },
            cancellationToken);
        if (isNew)
            LogDisabled(receiver.Id, projectId, why);
    }

    /// <summary>Goes through the customers of whom something is held, and has them looked at again.</summary>
    private async Task ReleaseAsync(string projectId, ReceiverEntry receiver, CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await engine.ListEffectsAsync(projectId, EffectStatus.Held, cursor, PageSize, cancellationToken);
            foreach (var customer in page.Items.Where(row => row.Effect.WaitsForReceiver && ReceiverMessage.ReceiverOf(row.Effect) == receiver.Id)
                .Select(static row => row.CustomerId).Distinct(StringComparer.Ordinal))
            {
                await engine.LookAtReceiversAsync(new CustomerKey(projectId, customer), cancellationToken);
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);

        if (await IsAnythingHeldAsync(projectId, receiver.Id, cancellationToken))
            return;
        await receivers.UpdateAsync(
            projectId,
            book => book.Find(receiver.Id) is { IsReleasing: true } entry && entry == receiver ? book.With(entry with { IsReleasing = false }) : book,
            cancellationToken);
    }

    /// <summary>Whether anything is still held for a receiver: a process that did not know better may have held it meanwhile.</summary>
    private async Task<bool> IsAnythingHeldAsync(string projectId, string receiverId, CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await engine.ListEffectsAsync(projectId, EffectStatus.Held, cursor, PageSize, cancellationToken);
            if (page.Items.Any(row => row.Effect.WaitsForReceiver && ReceiverMessage.ReceiverOf(row.Effect) == receiverId))
                return true;
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        return false;
    }

    private async Task TellAsync(string projectId, ReceiverNotice notice, CancellationToken cancellationToken)
    {
        var told = new List<string>();
        foreach (var receiver in notice.Untold)
        {
            var message = await messages.SendNoticeAsync(projectId, receiver, notice, cancellationToken);
            if (message is null or { Status: not MessageStatus.Retrying } || time.GetUtcNow() - notice.At > Patience)
                told.Add(receiver);
        }

        if (told.Count == 0)
            return;
        await receivers.UpdateAsync(
            projectId,
            book =>
            {
                if (book.Notices.FirstOrDefault(one => one.Id == notice.Id) is not { } known)
                    return book;
                var untold = known.Untold.RemoveRange(told);
                return book with
                {
                    Version = book.Version + 1,
                    Notices = untold.IsEmpty ? book.Notices.Remove(known) : book.Notices.Replace(known, known with { Untold = untold }),
                };
            },
            cancellationToken);
    }

    /// <summary>Forgets receivers that were taken away long ago.</summary>
    private Task<bool> ForgetAsync(string projectId, CancellationToken cancellationToken) => receivers.UpdateAsync(
        projectId,
        book =>
        {
            var kept = book.Receivers.RemoveAll(entry => !entry.IsReleasing && time.GetUtcNow() - entry.RemovedAt > ReceiverBook.RemovedFor);
            return kept.Length == book.Receivers.Length ? book : book with { Version = book.Version + 1, Receivers = kept };
        },
        cancellationToken);

    [LoggerMessage(1, LogLevel.Warning, "Receiver {ReceiverId} of project {ProjectId} is disabled. {Why} What it is told waits as held, and goes out in order when a person enables it.")]
    private partial void LogDisabled(string receiverId, string projectId, string why);

    [LoggerMessage(2, LogLevel.Warning, "The receivers of project {ProjectId} could not be looked at; they are looked at again in a minute: {Why}")]
    private partial void LogNotLooked(string projectId, string why);
}
