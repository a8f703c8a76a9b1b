using System.Globalization;
using Kapso.Platform.Api;
using Kapso.Platform.Customers;
using Kapso.Platform.Links;
using Kapso.Platform.Numbers;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kapso.Web.Management;

/// <summary>What the company is told where the platform did not do what was asked for.</summary>
internal static class PlatformProblems
{
    public const string NoApiKey = "The project has no ApiKey to ask the platform with: set it in Kapso:Projects.";

    private const string Answered = "The platform answered ";

    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    /// <summary>The problem of an order that brought no link.</summary>
    public static ProblemHttpResult Of(LinkOrderResult result, HttpResponse response) => Of(
        result, response, "The platform may have made the link and has not said so: ask again, with the same Idempotency-Key if one came, which finds out.");

    /// <summary>The problem of a link that is not revoked.</summary>
    public static ProblemHttpResult OfRevocation(LinkOrderResult result, HttpResponse response) => Of(
        result, response, "The platform may have revoked the link and has not said so: ask again, which does no harm.");

    /// <summary>The problem of a new secret that the platform has not taken.</summary>
    public static ProblemHttpResult OfRotation(PlatformAnswer<string> answer, HttpResponse response) => Of(
        answer.Outcome, answer.Advised, answer.RetryAfter, response,
        "The platform may have taken the new secret and has not said so: both are accepted, and the next reconciliation tells it again.");

    /// <summary>The problem of an order that brought no customer.</summary>
    public static ProblemHttpResult Of(CustomerOrderResult result, HttpResponse response)
    {
        if (!result.IsInProgress)
        {
            return Of(
                result.Answer.Outcome, result.Answer.Advised, result.Answer.RetryAfter, response,
                "The platform may have made the customer and has not said so: ask again, which finds out.");
        }

        SetRetryAfter(response, Later);
        return Problems.Conflict("The customer with this external_customer_id is being made by another request: ask again, which finds it.");
    }

    /// <summary>The problem of an erasure that the platform had no part in: nothing was erased here either.</summary>
    public static ProblemHttpResult Of(ErasureResult result, HttpResponse response) => result.Answer is { } answer
        ? Of(
            answer.Outcome, answer.Advised, answer.RetryAfter, response,
            "The platform may have deleted the customer and has not said so, and nothing was erased here: ask again, which goes on with it.")
        : Problems.Conflict(NoApiKey);

    /// <summary>The problem of a question for a number's health that was not answered.</summary>
    public static ProblemHttpResult Of(NumberHealth told, HttpResponse response) =>
        Of(told.Outcome, told.Problem ?? "", told.RetryAfter, response, unknown: "");

    private static ProblemHttpResult Of(LinkOrderResult result, HttpResponse response, string unknown)
    {
        switch (result.End)
        {
            case LinkOrderEnd.NoApiKey:
                return Problems.Conflict(NoApiKey);
            case LinkOrderEnd.NoPhone:
                return Problems.Conflict(
                    "The platform connects a number again by its phone, and no proof told this one's: issue a setup link, with reconnect_phone_number where you know the phone.");
            case LinkOrderEnd.OtherLink:
                return Problems.Conflict(
                    "The customer has another link that can still be used, which a new one would revoke: revoke it, or ask with replace as true.");
            case LinkOrderEnd.KeyReused:
                return Problems.Unprocessable("This Idempotency-Key came before with other options: use a new key for another link.");
            case LinkOrderEnd.InProgress:
                SetRetryAfter(response, result.RetryAfter ?? Later);
                return Problems.Conflict("Another setup link of this customer's is being made; one at a time, since a new one revokes the one before.");
            default:
                var outcome = result.End switch
                {
                    LinkOrderEnd.Refused => PlatformOutcome.Refused,
                    LinkOrderEnd.Unknown => PlatformOutcome.Unknown,
                    _ => PlatformOutcome.Unavailable,
                };
                return Of(outcome, result.Error, result.RetryAfter, response, unknown);
        }
    }

    /// <summary>The problem of a call that did not end well: what the platform said, and what to do.</summary>
    private static ProblemHttpResult Of(PlatformOutcome outcome, string error, TimeSpan? retryAfter, HttpResponse response, string unknown)
    {
        // What says itself who refused, and is not an answer of the platform's, needs nothing before it.
        if (outcome == PlatformOutcome.Refused)
            return Problems.Unprocessable(error.StartsWith(Answered, StringComparison.Ordinal) ? "The platform refused it: " + error : error);
        var seconds = SetRetryAfter(response, retryAfter ?? Later);
        return outcome == PlatformOutcome.Unknown
            ? Problems.BadGateway($"{unknown} {error}")
            : Problems.Unavailable($"Nothing was done. {error} Ask again in {seconds} s.");
    }

    private static string SetRetryAfter(HttpResponse response, TimeSpan after)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        response.Headers.RetryAfter = seconds;
        return seconds;
    }
}
