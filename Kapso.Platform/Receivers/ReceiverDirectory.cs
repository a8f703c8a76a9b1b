using System.Collections.Immutable;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Receivers;

/// <summary>Where messages to each receiver go, and what signs them: those of the settings, and those that a project keeps.</summary>
public sealed class ReceiverDirectory(IOptions<KapsoOptions> options, ReceiverBooks books, TimeProvider time)
{
    private readonly NotifyOptions _settings = options.Value.Notify;
    private readonly TimeSpan _longest = options.Value.Outbox.Lease / 2;

    /// <summary>The receivers of the settings, the default one first, by their ids.</summary>
    public IReadOnlyList<(string Id, ReceiverOptions Receiver)> OfSettings { get; } =
    [
        .. options.Value.Notify.Url is null ? [] : new[] { (ReceiverTerms.DefaultId, (ReceiverOptions)options.Value.Notify) },
        .. options.Value.Notify.Receivers.Select(static receiver => (receiver.Id!, (ReceiverOptions)receiver)),
    ];

    /// <summary>What the settings' receivers are told, in the same order.</summary>
    public ImmutableArray<ReceiverTerms> TermsOfSettings { get; } = options.Value.Notify.Terms();

    /// <summary>Whether the settings name a receiver.</summary>
    public bool IsOfSettings(string id) => OfSettings.Any(receiver => receiver.Id == id);

    /// <summary>Where the messages to a receiver go, as this process knows it; null where nobody does.</summary>
    public ReceiverOptions? Find(string projectId, string receiverId) => Find(books.Of(projectId), receiverId);

    /// <summary>Where the messages to a receiver go; null where neither the settings nor the project name it.</summary>
    public ReceiverOptions? Find(ReceiverBook book, string receiverId)
    {
        ArgumentNullException.ThrowIfNull(book);
        foreach (var (id, receiver) in OfSettings)
        {
            if (id == receiverId)
                return receiver;
        }

        if (book.Find(receiverId) is not { Url: { } url, RemovedAt: null } kept)
            return null;
        var now = time.GetUtcNow();
        return new ReceiverOptions
        {
            Url = url,
            Secret = string.Join(' ', kept.Secrets.Where(secret => secret.Until is null || secret.Until > now).Select(static secret => secret.Value.Reveal)),
            Timeout = _settings.Timeout < _longest ? _settings.Timeout : _longest,
        };
    }
}
