using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>One effect that needs a person.</summary>
/// <param name="Id">The effect, and the receiver's <c>webhook-id</c>.</param>
/// <param name="CustomerId">Whose it is.</param>
/// <param name="ExternalId">The company's own id for the customer, as it gave it or else as the platform tells it; null where neither did.</param>
/// <param name="Name">The customer's name, as the company gave it or else as the platform tells it; null where neither did.</param>
/// <param name="Tags">What the company marks the customer with: values by their keys.</param>
/// <param name="Kind">What is to be done.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Attempts">How often it was claimed.</param>
/// <param name="LastError">Why the last attempt failed.</param>
/// <param name="PhoneNumberId">The number it is about, where it is about one.</param>
/// <param name="CreatedAt">When it was decided.</param>
public sealed record EffectView(
    string Id,
    string CustomerId,
    string? ExternalId,
    string? Name,
    IReadOnlyDictionary<string, string> Tags,
    EffectKind Kind,
    EffectStatus Status,
    int Attempts,
    string? LastError,
    string? PhoneNumberId,
    DateTime CreatedAt)
{
    /// <summary>Shows a row.</summary>
    public static EffectView Of(EffectRow row) => new(
        row.Effect.Id,
        row.CustomerId,
        row.Names?.OwnId,
        row.Names?.Name,
        CustomerNames.TagsOf(row.Names),
        row.Effect.Kind,
        row.Effect.Status,
        row.Effect.Attempt,
        row.Effect.LastError,
        row.Effect.PhoneNumberId,
        row.Effect.CreatedAt.UtcDateTime);
}

/// <summary>What became of a person's action on an effect.</summary>
/// <param name="Id">The effect.</param>
/// <param name="Changed">False where it was done before, or the effect had settled by itself.</param>
public sealed record EffectActionView(string Id, bool Changed);

/// <summary>Effects that need a person, and welcomes that one asks for.</summary>
internal static class EffectEndpoints
{
    /// <summary>Maps them below the project.</summary>
    public static void MapEffects(this IEndpointRouteBuilder project)
    {
        project.MapGet("/effects", ListAsync)
            .WithName("listEffects")
            .WithSummary("Effects that need a person: held or dead")
            .WithDescription(CustomerMembers.TagDescription)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        project.MapPost("/customers/{customer_id}/effects/{id}/resend", ResendAsync)
            .WithName("resendEffect")
            .Audited(AuditActions.ResendEffect, "customer_id", "id")
            .WithSummary("Sends a held or dead effect again, under the same id")
            .ProducesProblem(StatusCodes.Status409Conflict);
        project.MapPost("/customers/{customer_id}/effects/{id}/settle", SettleAsync)
            .WithName("settleEffect")
            .Audited(AuditActions.SettleEffect, "customer_id", "id")
            .WithSummary("Settles a held or dead effect as done, on a person's word")
            .ProducesProblem(StatusCodes.Status409Conflict);
        project.MapPost("/customers/{customer_id}/numbers/{phone_number_id}/greet", GreetAsync)
            .WithName("greetNumber")
            .Audited(AuditActions.GreetCustomer, "customer_id", "phone_number_id")
            .WithSummary("Has a connected number welcomed that was adopted without a welcome")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<ListView<EffectView>>, ProblemHttpResult>> ListAsync(
        [FromRoute(Name = "project_id")] string projectId,
        string? status,
        [FromQuery(Name = "tag")] string[] tags,
        string? cursor,
        string? limit,
        IConnectionEngine engine,
        CancellationToken cancellationToken)
    {
        var wrong = ListParameters.ReadLimit(limit, out var rows) ?? ListParameters.CheckCursor(cursor) ?? CustomerMembers.TagsObjection(tags);
        wrong = ListParameters.ReadName("status", status, out var wanted, EffectStatus.Held, EffectStatus.Dead) ?? wrong;
        if (wrong is not null)
            return Problems.BadRequest(wrong);

        var page = await engine.ListEffectsAsync(projectId, wanted ?? EffectStatus.Held, tags, cursor, rows, cancellationToken);
        return TypedResults.Ok(ListView.Of(page, EffectView.Of));
    }

    private static Task<Results<Ok<EffectActionView>, ProblemHttpResult>> ResendAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        string id,
        IConnectionEngine engine,
        CancellationToken cancellationToken) =>
        ActAsync(projectId, customerId, id, key => engine.ResendAsync(key, id, by: null, cancellationToken));

    private static Task<Results<Ok<EffectActionView>, ProblemHttpResult>> SettleAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        string id,
        IConnectionEngine engine,
        CancellationToken cancellationToken) =>
        ActAsync(projectId, customerId, id, key => engine.SettleAsync(key, id, by: null, cancellationToken));

    private static async Task<Results<Ok<EffectActionView>, ProblemHttpResult>> GreetAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        [FromRoute(Name = "phone_number_id")] string phoneNumberId,
        IConnectionEngine engine,
        CancellationToken cancellationToken)
    {
        var action = CustomerKey.TryCreate(projectId, customerId, out var key) && BoundedId.IsValid(phoneNumberId)
            ? await engine.GreetAsync(key, phoneNumberId, by: null, cancellationToken)
            : EffectAction.NotFound;
        return action switch
        {
            EffectAction.Applied or EffectAction.AlreadySo =>
                TypedResults.Ok(new EffectActionView(EffectIds.Welcome(key, phoneNumberId), action == EffectAction.Applied)),
            EffectAction.NotWaiting => Problems.Conflict(await WhyNotGreetedAsync(engine, key, phoneNumberId, cancellationToken)),
            _ => Problems.NotFound("The customer has no such number."),
        };
    }

    /// <summary>Why a number that is known cannot be welcomed.</summary>
    internal static async Task<string> WhyNotGreetedAsync(
        IConnectionEngine engine, CustomerKey key, string phoneNumberId, CancellationToken cancellationToken) =>
        (await engine.FindAsync(key, cancellationToken))?.FindNumber(phoneNumberId) is { IsSandbox: true }
            ? "The platform says that the number is a sandbox number: those are never welcomed."
            : "The number is not connected: only a connected one can be welcomed.";

    private static async Task<Results<Ok<EffectActionView>, ProblemHttpResult>> ActAsync(
        string projectId, string customerId, string id, Func<CustomerKey, Task<EffectAction>> act)
    {
        var action = CustomerKey.TryCreate(projectId, customerId, out var key) && BoundedId.IsValid(id)
            ? await act(key)
            : EffectAction.NotFound;
        return action switch
        {
            EffectAction.Applied => TypedResults.Ok(new EffectActionView(id, Changed: true)),
            EffectAction.AlreadySo => TypedResults.Ok(new EffectActionView(id, Changed: false)),
            EffectAction.NotWaiting => Problems.Conflict("The effect is pending or in flight: only held or dead effects wait for a person."),
            _ => Problems.NotFound("The customer has no such effect."),
        };
    }
}
