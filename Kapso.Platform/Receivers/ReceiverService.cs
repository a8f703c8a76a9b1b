using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Kapso.Platform.Hosting;
using Kapso.Platform.Settings;
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
    ILogger<ReceiverService> logger) : RunningService
{
    /// <summary>How long nothing may go through before a receiver is disabled.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenReleases = TimeSpan.FromHours(1);
    private const int PageSize = 500;

    private readonly Dictionary<string, long> _released = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
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
        await ReleaseAsync(projectId, book, cancellationToken);
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

    /// <summary>
    /// Has the customers looked at again of whom something is held for a receiver that is not disabled: one that was enabled or taken away
    /// lately, and now and then any, since the settings may name one again that they had left out.
    /// </summary>
    private async Task ReleaseAsync(string projectId, ReceiverBook book, CancellationToken cancellationToken)
    {
        var releasing = book.Receivers.Where(static entry => entry.IsReleasing).ToList();
        var isTime = !_released.TryGetValue(projectId, out var last) || time.GetElapsedTime(last) >= BetweenReleases;
        if (releasing.Count == 0 && !isTime)
            return;
        var started = time.GetTimestamp();
        var open = book.Terms(directory.TermsOfSettings).Where(static terms => terms.IsRemoved || !terms.IsDisabled).Select(static terms => terms.Id).ToHashSet(StringComparer.Ordinal);
        await foreach (var customer in FindHeldAsync(projectId, open, cancellationToken))
            await engine.LookAtReceiversAsync(new CustomerKey(projectId, customer), cancellationToken);
        _released[projectId] = started;

        // A process that did not know better may have held something meanwhile: then the next look goes on.
        await foreach (var customer in FindHeldAsync(projectId, open, cancellationToken))
            return;
        await receivers.UpdateAsync(
            projectId,
            now => releasing.Select(entry => now.Find(entry.Id)).OfType<ReceiverEntry>().Where(releasing.Contains)
                .Aggregate(now, static (changed, entry) => changed.With(entry with { IsReleasing = false }) with { Version = changed.Version })
                is var next && ReferenceEquals(next, now) ? now : next with { Version = now.Version + 1 },
            cancellationToken);
    }

    /// <summary>The customers of whom something is held for one of these receivers.</summary>
    private async IAsyncEnumerable<string> FindHeldAsync(
        string projectId, HashSet<string> receivers, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await engine.ListEffectsAsync(projectId, EffectStatus.Held, cursor, PageSize, cancellationToken);
            foreach (var customer in page.Items
                .Where(row => row.Effect.WaitsForReceiver && receivers.Contains(ReceiverMessage.ReceiverOf(row.Effect)))
                .Select(static row => row.CustomerId).Distinct(StringComparer.Ordinal))
            {
                yield return customer;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
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
