using System.Globalization;
using Kapso.Platform.Api;
using Kapso.Platform.Customers;
using Kapso.Platform.Links;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kapso.Web.Management;

/// <summary>What the company is told where the platform did not do what was asked for.</summary>
internal static class PlatformProblems
{
    public const string NoApiKey = "The project has no ApiKey to ask the platform with: set it in Kapso:Projects.";

    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    /// <summary>The problem of an order that brought no link.</summary>
    public static ProblemHttpResult Of(LinkOrderResult result, HttpResponse response) => result.End switch
    {
        LinkOrderEnd.NoApiKey => Problems.Conflict(NoApiKey),
        LinkOrderEnd.KeyReused => Problems.Unprocessable(
            "This Idempotency-Key came before with other options: use a new key for another link."),
        LinkOrderEnd.InProgress => LaterConflict(result, response),
        LinkOrderEnd.Refused => Of(PlatformOutcome.Refused, result.Error, null, response),
        LinkOrderEnd.Unknown => Of(PlatformOutcome.Unknown, result.Error, result.RetryAfter, response),
        _ => Of(PlatformOutcome.Unavailable, result.Error, result.RetryAfter, response),
    };

    /// <summary>The problem of an order that brought no customer.</summary>
    public static ProblemHttpResult Of(CustomerOrderResult result, HttpResponse response)
    {
        if (result.Answer.Outcome != PlatformOutcome.Unknown)
            return Of(result.Answer.Outcome, result.Answer.Error, result.Answer.RetryAfter, response);
        SetRetryAfter(response, Later);
        return result.IsInProgress
            ? Problems.Conflict("The customer with this external_customer_id is being made by another request: ask again, which finds it.")
            : Problems.BadGateway("The platform may have made the customer and has not said so: ask again, which finds out. " + result.Answer.Error);
    }

    /// <summary>The problem of a call that did not end well.</summary>
    public static ProblemHttpResult Of(PlatformOutcome outcome, string error, TimeSpan? retryAfter, HttpResponse response)
    {
        if (outcome == PlatformOutcome.Refused)
            return Problems.Unprocessable("The platform refused it: " + error);
        SetRetryAfter(response, retryAfter ?? Later);
        return outcome == PlatformOutcome.Unknown
            ? Problems.BadGateway(
                "The platform may have done it and has not said so: ask again with the same Idempotency-Key, which finds out. " + error)
            : Problems.Unavailable("The platform does not take the call; nothing was done: " + error);
    }

    private static ProblemHttpResult LaterConflict(LinkOrderResult result, HttpResponse response)
    {
        SetRetryAfter(response, result.RetryAfter ?? Later);
        return Problems.Conflict("Another setup link of this customer's is being made; one at a time, since a new one revokes the one before.");
    }

    private static void SetRetryAfter(HttpResponse response, TimeSpan after) =>
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
