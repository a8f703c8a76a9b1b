using System.Text.Json;
using Kapso.Platform.Api;
using Kapso.Platform.Links;
using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>What a link is made with that connects a number again. All can be left out.</summary>
/// <param name="PhoneNumberId">The number; can be left out where exactly one of the customer's can be connected again.</param>
/// <param name="Language">The setup page's language.</param>
/// <param name="ThemeConfig">The setup page's colours.</param>
/// <param name="AllowedOrigins">Origins that may embed the setup page.</param>
/// <param name="ReturnUrl">Where the browser goes instead of our pages: https, with a host that is allowed.</param>
/// <param name="Replace">Whether another link that the customer can still use is to be revoked by this one.</param>
public sealed record ReconnectRequest(
    string? PhoneNumberId = null,
    string? Language = null,
    JsonElement? ThemeConfig = null,
    IReadOnlyList<string>? AllowedOrigins = null,
    string? ReturnUrl = null,
    bool Replace = false) : ILinkBody
{
    internal const string Members =
        "phone_number_id, language and return_url (strings), theme_config (an object), allowed_origins (strings) and replace (a boolean), all optional";

    /// <summary>The platform's part of it.</summary>
    public SetupLinkRequest ToOptions() => new() { Language = Language, ThemeConfig = ThemeConfig, AllowedOrigins = AllowedOrigins };
}

/// <summary>Has a customer connect a number again that has gone.</summary>
internal static class ReconnectEndpoints
{
    /// <summary>Maps it below the project.</summary>
    public static void MapReconnect(this IEndpointRouteBuilder project) => project.MapPost("/customers/{customer_id}/reconnect", ReconnectAsync)
        .WithName("reconnectNumber")
        .Audited(AuditActions.ReconnectLink, "customer_id")
        .WithSummary("Issues a setup link that connects a number again which has gone. 200 and the link that is there: asked for with the same Idempotency-Key, or one for this number that can still be used")
        .Accepts<ReconnectRequest>(isOptional: true, "application/json")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status502BadGateway);

    private static async Task<Results<Created<UsableLinkView>, Ok<UsableLinkView>, ProblemHttpResult>> ReconnectAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        [AsParameters] LinkAsk ask,
        IConnectionEngine engine,
        SetupLinks links,
        CancellationToken cancellationToken)
    {
        if (!CustomerKey.TryCreate(projectId, customerId, out var key))
            return Problems.BadCustomer();
        var (wanted, wrong) = await ask.ReadAsync(new ReconnectRequest(), ReconnectRequest.Members, cancellationToken);
        if (wanted is null)
            return Problems.BadRequest(wrong!);
        if (await engine.FindAsync(key, cancellationToken) is not { } connection)
            return Problems.NotFound("Nothing was ever heard of this customer.");
        if (Choose(connection, wanted.PhoneNumberId, ask.IdempotencyKey, out var problem) is not { } number)
            return Problems.Conflict(problem);

        var result = await links.ReconnectAsync(ask.OrderOf(key, wanted) with { Reconnects = number.PhoneNumberId }, cancellationToken);
        return result.End == LinkOrderEnd.NotGone
            ? Problems.Conflict(await WhyNotAsync(engine, key, number.PhoneNumberId, cancellationToken))
            : ask.Answer(result);
    }

    /// <summary>Why a number that is known cannot be connected again.</summary>
    internal static async Task<string> WhyNotAsync(
        IConnectionEngine engine, CustomerKey key, string phoneNumberId, CancellationToken cancellationToken) =>
        await engine.FindAsync(key, cancellationToken) is { } connection && connection.FindNumber(phoneNumberId) is { } number
            ? number switch
            {
                { Status: NumberStatus.Connected } => $"Number {phoneNumberId} is connected: there is nothing to connect again.",
                { Status: not NumberStatus.Gone } => $"Number {phoneNumberId} was never connected, as far as is known: issue a setup link.",
                { IsSandbox: true } => $"Number {phoneNumberId} is a sandbox number: the platform connects none of those again.",
                _ when !connection.IsReconnectable(number) => $"The phone of number {phoneNumberId} is connected as another number of the customer's.",
                _ => $"Number {phoneNumberId} went just now: ask again.",
            }
            : $"The customer has no number {phoneNumberId}.";

    private static Number? Choose(Connection connection, string? named, string? idempotencyKey, out string problem)
    {
        named ??= idempotencyKey is null
            ? null
            : connection.SetupLinks.LastOrDefault(link => link.IdempotencyKey == idempotencyKey)?.ReconnectsPhoneNumberId;
        if (named is not null)
        {
            problem = $"The customer has no number {(BoundedId.IsValid(named) ? named : "with this phone_number_id")}.";
            return connection.FindNumber(named);
        }

        Number[] gone = [.. connection.Numbers.Where(connection.IsReconnectable)];
        problem = gone.Length == 0
            ? "None of the customer's numbers is gone: there is nothing to connect again."
            : $"Several numbers are gone: name one in phone_number_id, of {string.Join(", ", gone.Select(number => number.PhoneNumberId))}.";
        return gone is [var only] ? only : null;
    }
}
