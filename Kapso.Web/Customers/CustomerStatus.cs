using System.Text.Json.Serialization;
using Kapso.Connections.Redirects;
using Kapso.Web.Customers.Redirects;

namespace Kapso.Web.Customers;

/// <summary>What a customer's page says: also what live changes and slow looks carry, so that the words are in one place.</summary>
/// <param name="Tone"><c>pending</c>, <c>connected</c> or <c>failed</c>.</param>
/// <param name="Heading">The page's heading.</param>
/// <param name="Message">One sentence: what happened.</param>
/// <param name="NextStep">One sentence: what to do.</param>
/// <param name="Number">The number to show; null for none.</param>
public sealed record CustomerStatus(string Tone, string Heading, string Message, string NextStep, string? Number)
{
    /// <summary>Whether a number is connected.</summary>
    public bool IsConnected => Tone == "connected";

    /// <summary>What the browser carries to the company's own page: see <see cref="RedirectReason"/>.</summary>
    [JsonIgnore]
    public string Reason { get; init; } = RedirectReason.Received;

    /// <summary>After a success redirect. Without a valid state: thanks, and at most the browser's own number.</summary>
    public static CustomerStatus AfterSuccess(Visit visit)
    {
        var texts = Texts.In(visit.Language);
        var company = visit.Project?.Company ?? texts.CompanyUnknown;
        if (visit.Number is { Status: NumberStatus.Connected } number)
        {
            // The browser's number is shown for a number without proven details: it is this browser's own word.
            var shown = number.DetailsProven && number.Details?.DisplayPhoneNumber is { } proven
                ? proven
                : visit.Parameters.DisplayPhoneNumber ?? $"{texts.NumberId} {number.PhoneNumberId}";
            if (visit.IsBack(number))
                return new("connected", texts.ReconnectedHeading, texts.Format(texts.ReconnectedMessage, company), texts.CloseNextStep, shown) { Reason = RedirectReason.Connected };
            return visit.Outcome == Outcome.Duplicate
                ? new("connected", texts.KnownHeading, texts.Format(texts.KnownMessage, company), texts.CloseNextStep, shown) { Reason = RedirectReason.Connected }
                : new("connected", texts.ConnectedHeading, texts.Format(texts.ConnectedMessage, company), texts.CloseNextStep, shown) { Reason = RedirectReason.Connected };
        }

        // What came since the number went is news: a setup that a browser says succeeded is being checked.
        if (visit.Number is { Status: NumberStatus.Gone } gone && !(visit.Link is { LapsedAt: null, SucceededAt: { } said } && said > gone.GoneAt))
        {
            return new("failed", texts.GoneHeading, texts.Format(texts.GoneMessage, company), texts.Format(NewLink(visit, texts.GoneNextStep), company), visit.Parameters.DisplayPhoneNumber)
            {
                Reason = RedirectReason.Disconnected,
            };
        }

        if (visit is { Number: null, IsReceived: false, Link: { LapsedAt: null, Status: SetupLinkStatus.Failed or SetupLinkStatus.Expired or SetupLinkStatus.Revoked } ended })
            return Failed(visit, CodeOf(ended), CodeOf(ended));
        if (visit.Number is { Status: NumberStatus.Refused } || visit is { Number: null, IsReceived: false, Link.SucceededAt: not null })
        {
            var next = FailureTexts.HasEnded(visit.Link, visit.At) ? NewLink(visit, texts.LinkExpiredNextStep) : texts.RefusedNextStep;
            return new("failed", texts.RefusedHeading, texts.Format(texts.RefusedMessage, company), texts.Format(next, company), visit.Parameters.DisplayPhoneNumber)
            {
                Reason = RedirectReason.NotConfirmed,
            };
        }

        return new(
            "pending",
            texts.ReceivedHeading,
            visit.IsPending ? texts.PendingMessage : texts.ReceivedMessage,
            visit.State is null ? texts.Format(texts.ReceivedNextStep, company) : texts.WaitNextStep,
            visit.Parameters.DisplayPhoneNumber);
    }

    /// <summary>
    /// After a failure redirect. What is known counts for more than what the browser says: where a setup of this link was received,
    /// it is told of as after a success, and where another number of the customer's is connected, that is said.
    /// </summary>
    public static CustomerStatus AfterFailure(Visit visit)
    {
        if (visit.IsReceived)
            return AfterSuccess(visit);

        var texts = Texts.In(visit.Language);
        var company = visit.Project?.Company ?? texts.CompanyUnknown;
        if (visit.Connection?.Status == ConnectionStatus.Connected)
        {
            return new("connected", texts.ConnectedHeading, texts.Format(texts.FailedButConnectedMessage, company), texts.CloseNextStep, null)
            {
                Reason = RedirectReason.Connected,
            };
        }

        // A browser that brings no reason is told the one that is known, and so is one that brings another than the platform told.
        var code = visit.Parameters.ErrorCode;
        var isOverruled = visit.Link is { SetupStatus: "failed", PendingFailure: null, ErrorCodes: [_, ..] known } && !known.Contains(code);
        return Failed(visit, visit.Link is { } link && (isOverruled || code == SetupErrorCodes.Unknown) ? CodeOf(link) : code, code);
    }

    private static CustomerStatus Failed(Visit visit, string code, string reason)
    {
        var texts = Texts.In(visit.Language);
        var (message, nextStep) = FailureTexts.Of(code, visit.Link, visit.At, texts);
        if (nextStep == texts.LinkExpiredNextStep)
            nextStep = NewLink(visit, nextStep);
        return new("failed", texts.FailedHeading, message, texts.Format(nextStep, visit.Project?.Company ?? texts.CompanyUnknown), null) { Reason = reason };
    }

    /// <summary>Where a new link is to be asked for: it may be there already.</summary>
    private static string NewLink(Visit visit, string otherwise) => visit.HasReconnectLink ? Texts.In(visit.Language).ReconnectNextStep : otherwise;

    /// <summary>Why a setup failed, or its link has ended, as far as is known.</summary>
    private static string CodeOf(SetupLink link) => link switch
    {
        { Status: SetupLinkStatus.Expired or SetupLinkStatus.Revoked } => SetupErrorCodes.LinkExpired,
        { PendingFailure: { } waiting } => waiting,
        { ErrorCodes: [.., var last] } => last,
        _ => SetupErrorCodes.Unknown,
    };
}
