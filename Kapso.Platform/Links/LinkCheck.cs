using System.Collections.Immutable;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Numbers;

namespace Kapso.Platform.Links;

/// <summary>How a check of a customer's links ended.</summary>
/// <param name="Outcome">
/// <see cref="PlatformOutcome.Done"/>: what the platform lists is folded in. Refused as unknown to the platform, in its words, counts
/// as an empty list.
/// </param>
/// <param name="Error">What came, in words; empty where it is done.</param>
/// <param name="RetryAfter">Earliest time until the next try, where one was named.</param>
/// <param name="IsKeyRefused">Whether it is the project's API key that is refused, and not the question.</param>
public sealed record LinkCheckResult(PlatformOutcome Outcome, string Error = "", TimeSpan? RetryAfter = null, bool IsKeyRefused = false);

/// <summary>Asks the platform what became of a customer's setup links, and folds the answer in.</summary>
public sealed class LinkCheck(PlatformClients clients, IConnectionEngine engine, TimeProvider time)
{
    /// <summary>A customer has one link at a time: 300 is more than a lifetime of them.</summary>
    private const int MaxPages = 3;

    private const int NotFound = 404;

    /// <summary>Checks one customer's links. Does not throw for what the platform does.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="purpose">What it is made for: which share of the budget it takes.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public async Task<LinkCheckResult> CheckAsync(CustomerKey key, CallPurpose purpose, CancellationToken cancellationToken)
    {
        if (clients.Find(key.ProjectId) is not { } client)
            return new(PlatformOutcome.Refused, "The project has no ApiKey: the platform cannot be asked.");
        if (await engine.FindAsync(key, cancellationToken) is not { } connection)
            return new(PlatformOutcome.Done);

        var askedAt = time.GetUtcNow();
        var listed = ImmutableArray.CreateBuilder<ListedLink>();
        string? page = null;
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var answer = await client.ListSetupLinksAsync(key.CustomerId, status: null, page, purpose, cancellationToken);
            if (!answer.IsDone && (answer.Status != NotFound || answer.Words.Length == 0))
                return new(answer.Outcome, answer.Advised, answer.RetryAfter, answer.IsKeyRefused);
            if (answer.Value is { } read)
                listed.AddRange(read.Items.Select(link => Listed(link, connection)));
            page = answer.Value?.Next;
            if (page is null || IsAnswered(connection, listed))
                break;
        }

        await engine.ChangeLinkAsync(key, new FoldLinks(listed.ToImmutable(), IsWhole: page is null, askedAt), cancellationToken);
        return new(PlatformOutcome.Done);
    }

    /// <summary>A link as the platform tells it, and whose state of ours it carries.</summary>
    internal static ListedLink Listed(PlatformSetupLink link, Connection? connection) => new()
    {
        PlatformId = link.Id,
        LinkId = connection?.SetupLinks.FirstOrDefault(known => link.CarriesState(known.State))?.Id,
        Status = PlatformWords.Of(link.Status),
        SetupStatus = PlatformWords.Of(link.WhatsappSetupStatus),
        SetupError = link.WhatsappSetupError,
        Url = link.Url,
        ExpiresAt = link.ExpiresAt,
    };

    private static bool IsAnswered(Connection connection, IEnumerable<ListedLink> listed) =>
        connection.SetupLinks.Where(link => link.IsAwaited)
            .All(link => listed.Any(one => one.LinkId == link.Id || one.PlatformId == link.PlatformId));
}
