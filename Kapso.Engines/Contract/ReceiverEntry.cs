using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kapso.Engines.Contract;

/// <summary>A secret that signs what goes to a receiver.</summary>
/// <param name="Value"><c>whsec_</c> and base64, as Standard Webhooks says.</param>
/// <param name="Until">Until when it signs beside the newer one; null for as long as there is none.</param>
public sealed record ReceiverSecret(BearerSecret Value, DateTimeOffset? Until = null);

/// <summary>
/// One of the company's receivers of notifies, as a project keeps it. Of a receiver that the settings name only its state is kept: it has
/// no <see cref="Url"/> here.
/// </summary>
public sealed record ReceiverEntry
{
    /// <summary>Its id in the project: <see cref="ReceiverTerms.DefaultId"/>, the settings' own, or made up here.</summary>
    public required string Id { get; init; }

    /// <summary>Where messages go; null where the settings say.</summary>
    public Uri? Url { get; init; }

    /// <summary>What signs them, the newest first; two while one takes the other's place.</summary>
    public ImmutableArray<ReceiverSecret> Secrets { get; init; } = [];

    /// <summary>What it is told; empty for everything.</summary>
    public ImmutableArray<NotifyType> Types { get; init; } = [];

    /// <summary>It is told only of customers with this <c>key:value</c>; null for all.</summary>
    public string? Tag { get; init; }

    /// <summary>When it was made known.</summary>
    public required DateTimeOffset CreatedAt { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>Since when nothing is sent to it; null where it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>Why it is disabled, as a sentence.</summary>
    public string? DisabledWhy { get; init; }

    /// <summary>Who disabled it; null where the service did by itself, or nobody gave a name.</summary>
    public string? DisabledBy { get; init; }

    /// <summary>When it was enabled again: what failed before counts no more.</summary>
    public DateTimeOffset? EnabledAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>When it was taken away. Kept for a while, so that what waits for it is known to be nobody's.</summary>
    public DateTimeOffset? RemovedAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>Whether the customers of whom something is held for it are still to be gone through, as it was enabled or taken away.</summary>
    public bool IsReleasing { get; init; }

    /// <summary>What decisions need to know of it.</summary>
    [JsonIgnore]
    public ReceiverTerms Terms => new(Id) { Types = Types, Tag = Tag, IsDisabled = DisabledAt is not null, IsRemoved = RemovedAt is not null };
}

/// <summary>What the other receivers are to be told of one that was disabled.</summary>
/// <param name="Id">Goes out as <c>webhook-id</c>.</param>
/// <param name="ReceiverId">The receiver that was disabled.</param>
/// <param name="At">When it was.</param>
/// <param name="Why">Why, as a sentence.</param>
/// <param name="Untold">The ids of those who have not been told.</param>
public sealed record ReceiverNotice(string Id, string ReceiverId, DateTimeOffset At, string Why, ImmutableArray<string> Untold);

/// <summary>The receivers of a project. An immutable value that an engine keeps, written only over the version it was read at.</summary>
public sealed record ReceiverBook
{
    /// <summary>Most receivers of a project, those of the settings and those that were taken away lately among them.</summary>
    public const int MaxReceivers = 120;

    /// <summary>How long one that was taken away is remembered.</summary>
    public static TimeSpan RemovedFor { get; } = TimeSpan.FromDays(30);

    /// <summary>Counts the writes, from 1; 0 where nothing was ever written.</summary>
    public long Version { get; init; }

    /// <summary>The receivers, in the order in which they were made known.</summary>
    public ImmutableArray<ReceiverEntry> Receivers { get; init; } = [];

    /// <summary>What receivers are still to be told of others.</summary>
    public ImmutableArray<ReceiverNotice> Notices { get; init; } = [];

    /// <summary>The receiver with this id, one that was taken away as well; null where none is kept.</summary>
    public ReceiverEntry? Find(string id) => Receivers.FirstOrDefault(receiver => receiver.Id == id);

    /// <summary>The next version, with a receiver as it is to be.</summary>
    public ReceiverBook With(ReceiverEntry receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        var known = Find(receiver.Id);
        return this with
        {
            Version = Version + 1,
            Receivers = known is null ? Receivers.Add(receiver) : Receivers.Replace(known, receiver),
        };
    }

    /// <summary>All receivers as decisions need to know them: the settings' own with the state that is kept here, then the others.</summary>
    /// <param name="ofSettings">Those that the settings name.</param>
    public ImmutableArray<ReceiverTerms> Terms(ImmutableArray<ReceiverTerms> ofSettings)
    {
        if (Receivers.IsEmpty)
            return ofSettings;
        return
        [
            .. ofSettings.Select(terms => Find(terms.Id) is { DisabledAt: not null } ? terms with { IsDisabled = true } : terms),
            .. Receivers.Where(receiver => receiver.Url is not null && ofSettings.All(terms => terms.Id != receiver.Id)).Select(receiver => receiver.Terms),
        ];
    }
}
