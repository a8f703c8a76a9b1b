using Kapso.Connections.Redirects;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;

namespace Kapso.Platform.Links;

/// <summary>
/// Issues and revokes setup links. A new link revokes the one before at the platform, which may be in the customer's mail
/// already: so the intent is durable before the platform is asked, the platform is asked once, and where nobody knows
/// whether it made the link, its list is looked through before anything is made again.
/// </summary>
public sealed class SetupLinks(PlatformClients clients, IConnectionEngine engine, LinkCheck check, TimeProvider time)
{
    /// <summary>No call lasts longer: an intent that is older has lost the process that was to carry it out.</summary>
    internal static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(30);

    /// <summary>When a link that is not in the list is taken not to have been made: its call would have arrived long since.</summary>
    internal static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    /// <summary>Issues a link, or finds the one that was asked for.</summary>
    public async Task<LinkOrderResult> IssueAsync(LinkOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (clients.Find(order.Key.ProjectId) is not { } client)
            return new(LinkOrderEnd.NoApiKey);

        var known = await engine.FindAsync(order.Key, cancellationToken);
        if (!order.Replace && known?.SetupLinks.Any(link => link.IsUsable(time.GetUtcNow())) == true
            && await check.CheckAsync(order.Key, CallPurpose.Management, cancellationToken) is { Outcome: not PlatformOutcome.Done } failed)
            return Failed(failed);

        var intent = Intent(order);
        var receipt = await engine.ChangeLinkAsync(order.Key, new IntendLink(intent, order.Replace), cancellationToken);
        if (receipt is { Outcome: LinkOutcome.AlreadySo or LinkOutcome.InProgress, Link: { Status: SetupLinkStatus.Intended } open })
        {
            if (await ResolveAsync(order.Key, open, cancellationToken) is { } waiting)
                return waiting;
            receipt = await engine.ChangeLinkAsync(order.Key, new IntendLink(intent, order.Replace), cancellationToken);
        }

        return receipt.Outcome switch
        {
            LinkOutcome.Applied => await CallAsync(client, order, intent, cancellationToken),
            LinkOutcome.AlreadySo when receipt.Link!.Status != SetupLinkStatus.Intended => new(LinkOrderEnd.Found, receipt.Link),
            LinkOutcome.StillUsable when order.Reconnects is { } number && receipt.Link!.ReconnectsPhoneNumberId != number =>
                new(LinkOrderEnd.OtherLink, receipt.Link),
            LinkOutcome.StillUsable => new(LinkOrderEnd.Found, receipt.Link),
            LinkOutcome.NotGone => new(LinkOrderEnd.NotGone),
            LinkOutcome.NotDue => new(LinkOrderEnd.NotDue),
            LinkOutcome.KeyReused => new(LinkOrderEnd.KeyReused),
            _ => new(LinkOrderEnd.InProgress, RetryAfter: LongestCall),
        };
    }

    /// <summary>
    /// Issues a link with which the customer connects a number again that has gone. The platform knows the number by its phone
    /// (<c>reconnect_phone_number</c>, E.164), lets the customer connect no other one, and sets the connection's type itself.
    /// </summary>
    /// <param name="order">The order; <see cref="LinkOrder.Reconnects"/> names the number.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<LinkOrderResult> ReconnectAsync(LinkOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        var number = (await engine.FindAsync(order.Key, cancellationToken))?.FindNumber(order.Reconnects);
        return number switch
        {
            null => new(LinkOrderEnd.NotGone),
            { ReconnectPhone: null } when !order.IsAutomatic => new(LinkOrderEnd.NoPhone),
            _ => await IssueAsync(order with { Options = order.Options with { ReconnectPhoneNumber = number.ReconnectPhone } }, cancellationToken),
        };
    }

    /// <summary>Makes the links that the service is to make by itself for a customer, where a number's time has come.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="origin">Where browsers reach this service.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    public async Task ReconnectDueAsync(CustomerKey key, Uri origin, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(origin);
        if (await engine.FindAsync(key, cancellationToken) is not { } connection)
            return;
        var last = connection.SetupLinks.LastOrDefault(link => link.Source == SetupLinkSource.Issued);
        foreach (var number in connection.Numbers.Where(number => number.ReconnectAt <= time.GetUtcNow()))
        {
            var order = new LinkOrder(
                key, new SetupLinkRequest { Language = last?.Language }, last?.ReturnUrl, Replace: false, IdempotencyKey: null,
                origin.AbsoluteUri.TrimEnd('/'))
            {
                Reconnects = number.PhoneNumberId,
                IsAutomatic = true,
            };
            await ReconnectAsync(order, cancellationToken);
        }
    }

    /// <summary>Makes a link known that was made elsewhere, and asks the platform what became of it.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="platformId">The platform's id of the link.</param>
    /// <param name="returnUrl">Where the browser goes instead of our pages, if the link has redirect URLs of ours.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    /// <returns>The link; null where it belongs to another customer.</returns>
    public async Task<SetupLink?> RegisterAsync(
        CustomerKey key, string platformId, string? returnUrl, CancellationToken cancellationToken)
    {
        if (await engine.FindByLinkAsync(key.ProjectId, platformId, cancellationToken) is { } owner && owner != key)
            return null;

        var receipt = await engine.ChangeLinkAsync(
            key,
            new RegisterLink(new SetupLink
            {
                Id = SetupLink.NewId(time.GetUtcNow()),
                PlatformId = platformId,
                State = States.Create(),
                Source = SetupLinkSource.Registered,
                CreatedAt = time.GetUtcNow(),
                ReturnUrl = returnUrl,
            }),
            cancellationToken);
        await check.CheckAsync(key, CallPurpose.Management, cancellationToken);
        var link = (await engine.FindAsync(key, cancellationToken))?.SetupLinks.FirstOrDefault(known => known.PlatformId == platformId);
        return link ?? receipt.Link!;
    }

    /// <summary>Revokes a link at the platform, then here. Null where there is no such link.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="id">Our name for the link, or the platform's.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<LinkOrderResult?> RevokeAsync(CustomerKey key, string id, CancellationToken cancellationToken)
    {
        var connection = await engine.FindAsync(key, cancellationToken);
        if (connection?.SetupLinks.FirstOrDefault(known => known.Id == id || known.PlatformId == id) is not { } link)
            return null;
        if (!link.IsOpen)
            return new(LinkOrderEnd.Found, link);
        if (link.Status == SetupLinkStatus.Intended)
            return new(LinkOrderEnd.InProgress, RetryAfter: LongestCall);

        if (link.PlatformId is { } platformId)
        {
            if (clients.Find(key.ProjectId) is not { } client)
                return new(LinkOrderEnd.NoApiKey);
            var answer = await client.RevokeSetupLinkAsync(key.CustomerId, platformId, cancellationToken);
            if (!answer.IsDone)
                return Failed(answer);
        }

        var receipt = await engine.ChangeLinkAsync(key, new RevokeLink(link.Id), cancellationToken);
        return new(LinkOrderEnd.Found, receipt.Link);
    }

    private async Task<LinkOrderResult> CallAsync(
        PlatformClient client, LinkOrder order, SetupLink intent, CancellationToken cancellationToken)
    {
        var request = order.Options with
        {
            SuccessRedirectUrl = new BearerSecret($"{order.Origin}{RedirectPaths.Success}/{intent.State}"),
            FailureRedirectUrl = new BearerSecret($"{order.Origin}{RedirectPaths.Failure}/{intent.State}"),
        };

        // From here on the platform may make the link whether or not the caller waits for it.
        var answer = await client.CreateSetupLinkAsync(order.Key.CustomerId, request, CancellationToken.None);
        switch (answer.Outcome)
        {
            case PlatformOutcome.Done:
                var listed = LinkCheck.Listed(answer.Value!, connection: null);
                var receipt = await engine.ChangeLinkAsync(
                    order.Key, new IssueLink(intent.Id, listed, answer.Value!.Token), CancellationToken.None);
                return new(LinkOrderEnd.Issued, receipt.Link);
            case PlatformOutcome.Unknown:
                return await LookAsync(order.Key, intent, cancellationToken) is { } found
                    ? new(LinkOrderEnd.Issued, found)
                    : Failed(answer) with { RetryAfter = LongestCall };
            default:
                await engine.ChangeLinkAsync(
                    order.Key, new AbandonLink(intent.Id, answer.Error, answer.Outcome == PlatformOutcome.Refused && !answer.IsKeyRefused),
                    CancellationToken.None);
                return Failed(answer);
        }
    }

    /// <summary>
    /// Finds out what became of an intent whose outcome nobody has written: the link is found, or it is given up. Null where
    /// the order can go on.
    /// </summary>
    private async Task<LinkOrderResult?> ResolveAsync(CustomerKey key, SetupLink open, CancellationToken cancellationToken)
    {
        var age = time.GetUtcNow() - open.CreatedAt;
        if (age < LongestCall)
            return new(LinkOrderEnd.InProgress, RetryAfter: LongestCall - age);

        var result = await check.CheckAsync(key, CallPurpose.Management, cancellationToken);
        if (result.Outcome != PlatformOutcome.Done)
            return Failed(result);
        if ((await FindAsync(key, open.Id, cancellationToken))?.Status != SetupLinkStatus.Intended)
            return null;
        if (age < Settled)
            return new(LinkOrderEnd.InProgress, RetryAfter: Settled - age);

        await engine.ChangeLinkAsync(
            key, new AbandonLink(open.Id, "The platform did not say what became of it, and does not list it."), cancellationToken);
        return null;
    }

    private async Task<SetupLink?> LookAsync(CustomerKey key, SetupLink intent, CancellationToken cancellationToken) =>
        await check.CheckAsync(key, CallPurpose.Management, cancellationToken) is { Outcome: PlatformOutcome.Done }
        && await FindAsync(key, intent.Id, cancellationToken) is { Status: not SetupLinkStatus.Intended } found
            ? found
            : null;

    private async Task<SetupLink?> FindAsync(CustomerKey key, string linkId, CancellationToken cancellationToken) =>
        (await engine.FindAsync(key, cancellationToken))?.SetupLinks.FirstOrDefault(link => link.Id == linkId);

    private SetupLink Intent(LinkOrder order) => new()
    {
        Id = SetupLink.NewId(time.GetUtcNow()),
        State = States.Create(),
        Status = SetupLinkStatus.Intended,
        Source = SetupLinkSource.Issued,
        CreatedAt = time.GetUtcNow(),
        ReturnUrl = order.ReturnUrl,
        IdempotencyKey = order.IdempotencyKey,
        Fingerprint = order.IdempotencyKey is null ? null : order.Fingerprint(),
        Language = order.Options.Language,
        Theme = LinkThemes.Read(order.Options.ThemeConfig),
        ReconnectsPhoneNumberId = order.Reconnects,
        IsAutomatic = order.IsAutomatic,
    };

    private static LinkOrderResult Failed<T>(PlatformAnswer<T> answer)
        where T : class => new(EndOf(answer.Outcome), Error: answer.Advised, RetryAfter: answer.RetryAfter);

    private static LinkOrderResult Failed(LinkCheckResult check) => new(EndOf(check.Outcome), Error: check.Error, RetryAfter: check.RetryAfter);

    private static LinkOrderEnd EndOf(PlatformOutcome outcome) => outcome switch
    {
        PlatformOutcome.Refused => LinkOrderEnd.Refused,
        PlatformOutcome.Unknown => LinkOrderEnd.Unknown,
        _ => LinkOrderEnd.Unavailable,
    };
}
