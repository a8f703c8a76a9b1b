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
            return visit.Outcome == Outcome.Duplicate
                ? new("connected", texts.KnownHeading, texts.Format(texts.KnownMessage, company), texts.CloseNextStep, shown)
                : new("connected", texts.ConnectedHeading, texts.Format(texts.ConnectedMessage, company), texts.CloseNextStep, shown);
        }

        if (visit.Number is { Status: NumberStatus.Gone })
        {
            return new("failed", texts.GoneHeading, texts.Format(texts.GoneMessage, company), texts.Format(texts.GoneNextStep, company), visit.Parameters.DisplayPhoneNumber);
        }

        if (visit.Number is { Status: NumberStatus.Refused })
        {
            return new("failed", texts.RefusedHeading, texts.Format(texts.RefusedMessage, company), texts.Format(texts.RefusedNextStep, company), visit.Parameters.DisplayPhoneNumber);
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
            return new(
                "connected", texts.ConnectedHeading, texts.Format(texts.FailedButConnectedMessage, company), texts.CloseNextStep, null);
        }

        var (message, nextStep) = FailureTexts.Of(visit.Parameters.ErrorCode, texts);
        return new("failed", texts.FailedHeading, message, texts.Format(nextStep, company), null);
    }
}
