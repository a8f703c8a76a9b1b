using Kapso.Platform.Receivers;
using Kapso.Platform.Validation;
using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>The company's receivers of changes.</summary>
internal static class ReceiverEndpoints
{
    /// <summary>What is said where there is no such receiver.</summary>
    public const string NotFound = "This project has no such receiver.";

    /// <summary>What is said of a change that only the settings can make.</summary>
    public const string OfSettings = "The service's settings name this receiver: change it there, below Kapso:Notify.";

    /// <summary>What is said where there is no room for one more.</summary>
    public static string TooMany { get; } = $"A project has at most {ReceiverBook.MaxReceivers} receivers, those taken away in the last 30 days among them.";

    private const string Members = "url (a string), types (a list of strings, for all left out), tag (a string key:value, for all left out)";

    /// <summary>Maps them below the project.</summary>
    public static void MapReceivers(this IEndpointRouteBuilder project)
    {
        var receivers = project.MapGroup("/receivers");
        receivers.MapGet("", ListAsync)
            .WithName("listReceivers")
            .WithSummary("The receivers of changes, those of the settings first");
        receivers.MapPost("", CreateAsync)
            .WithName("createReceiver")
            .Audited(AuditActions.CreateReceiver)
            .WithSummary("Makes a receiver; the answer alone shows its secret")
            .Accepts<ReceiverRequest>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        receivers.MapGet("/{id}", FindAsync)
            .WithName("getReceiver")
            .WithSummary("One receiver, and how it does");
        receivers.MapPut("/{id}", ChangeAsync)
            .WithName("changeReceiver")
            .Audited(AuditActions.ChangeReceiver, target: "id")
            .WithSummary("Changes where a receiver is and what it is told")
            .Accepts<ReceiverRequest>("application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        receivers.MapDelete("/{id}", RemoveAsync)
            .WithName("removeReceiver")
            .Audited(AuditActions.RemoveReceiver, target: "id")
            .WithSummary("Takes a receiver away; what waits for it is dropped")
            .ProducesProblem(StatusCodes.Status409Conflict);
        receivers.MapPost("/{id}/rotate", RotateAsync)
            .WithName("rotateReceiverSecret")
            .Audited(AuditActions.RotateReceiver, target: "id")
            .WithSummary("Gives a receiver a new secret; the one before signs beside it for 24 hours")
            .Accepts<RotateRequest>(isOptional: true, "application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        receivers.MapPost("/{id}/disable", (
                [FromRoute(Name = "project_id")] string projectId, string id, ProjectReceivers all, CancellationToken cancellationToken) =>
                ShowAsync(all, projectId, id, all.DisableAsync(projectId, id, by: null, cancellationToken), cancellationToken))
            .WithName("disableReceiver")
            .Audited(AuditActions.DisableReceiver, target: "id")
            .WithSummary("Has nothing more be sent to a receiver: what it is told waits as held");
        receivers.MapPost("/{id}/enable", (
                [FromRoute(Name = "project_id")] string projectId, string id, ProjectReceivers all, CancellationToken cancellationToken) =>
                ShowAsync(all, projectId, id, all.EnableAsync(projectId, id, cancellationToken), cancellationToken))
            .WithName("enableReceiver")
            .Audited(AuditActions.EnableReceiver, target: "id")
            .WithSummary("Has messages be sent to a receiver again: what is held goes out in order, within a minute or two");
    }

    /// <summary>Reads what a receiver is to be; what is wrong, or null.</summary>
    public static string? Read(string? url, IReadOnlyList<string>? types, string? tag, out ReceiverOrder? order)
    {
        order = null;
        if (ReceiverInput.ReadUrl(url, out var where) is { } objection)
            return objection;
        if ((types ?? []).Any(static type => NotifyTypes.Find(type) is null))
            return $"types must be some of {string.Join(", ", NotifyTypes.Names)}.";
        if (tag is not null && !CustomerTags.TryParse(tag, out _, out _))
            return "tag must be key:value, as in plan:pro.";
        order = new ReceiverOrder(where!, [.. (types ?? []).Select(static type => NotifyTypes.Find(type)!.Value).Distinct()], tag);
        return null;
    }

    private static async Task<Ok<ListView<ReceiverView>>> ListAsync(
        [FromRoute(Name = "project_id")] string projectId, ProjectReceivers receivers, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ListView<ReceiverView>([.. (await receivers.ListAsync(projectId, cancellationToken)).Select(ReceiverView.Of)], null));

    private static async Task<Results<Ok<ReceiverView>, ProblemHttpResult>> FindAsync(
        [FromRoute(Name = "project_id")] string projectId, string id, ProjectReceivers receivers, CancellationToken cancellationToken) =>
        await receivers.FindAsync(projectId, id, cancellationToken) is { } receiver ? TypedResults.Ok(ReceiverView.Of(receiver)) : Problems.NotFound(NotFound);

    private static async Task<Results<Created<NewReceiverView>, ProblemHttpResult>> CreateAsync(
        [FromRoute(Name = "project_id")] string projectId, HttpRequest request, ProjectReceivers receivers, CancellationToken cancellationToken)
    {
        var (wanted, wrong) = await JsonBody.ReadAsync<ReceiverRequest>(request, null, Members + " and secret (a string)", cancellationToken);
        if (wanted is null)
            return Problems.BadRequest(wrong!);
        wrong = Read(wanted.Url, wanted.Types, wanted.Tag, out var order) ?? (wanted.Secret is { } secret ? ReceiverInput.SecretObjection(secret) : null);
        if (wrong is not null)
            return Problems.BadRequest(wrong);
        if (await receivers.CreateAsync(projectId, order!, wanted.Secret, cancellationToken) is not var (id, made))
            return Problems.Conflict(TooMany);
        request.HttpContext.NoteAct(target: id);
        return await receivers.FindAsync(projectId, id, cancellationToken) is { } receiver
            ? TypedResults.Created((string?)null, new NewReceiverView(ReceiverView.Of(receiver), made.Reveal))
            : Problems.NotFound(NotFound);
    }

    private static async Task<Results<Ok<ReceiverView>, ProblemHttpResult>> ChangeAsync(
        [FromRoute(Name = "project_id")] string projectId, string id, HttpRequest request, ProjectReceivers receivers, CancellationToken cancellationToken)
    {
        var (wanted, wrong) = await JsonBody.ReadAsync<ReceiverRequest>(request, null, Members, cancellationToken);
        if (wanted is null)
            return Problems.BadRequest(wrong!);
        if (wanted.Secret is not null)
            return Problems.BadRequest("A secret is changed by POST …/rotate, which lets the one before sign for another day.");
        if (Read(wanted.Url, wanted.Types, wanted.Tag, out var order) is { } objection)
            return Problems.BadRequest(objection);
        return await ShowAsync(receivers, projectId, id, receivers.ChangeAsync(projectId, id, order!, cancellationToken), cancellationToken);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        [FromRoute(Name = "project_id")] string projectId, string id, ProjectReceivers receivers, CancellationToken cancellationToken) =>
        await receivers.RemoveAsync(projectId, id, cancellationToken) switch
        {
            ReceiverChange.Done => TypedResults.NoContent(),
            ReceiverChange.OfSettings => Problems.Conflict(OfSettings),
            _ => Problems.NotFound(NotFound),
        };

    private static async Task<Results<Ok<NewReceiverView>, ProblemHttpResult>> RotateAsync(
        [FromRoute(Name = "project_id")] string projectId, string id, HttpRequest request, ProjectReceivers receivers, CancellationToken cancellationToken)
    {
        var (wanted, wrong) = await JsonBody.ReadAsync(request, new RotateRequest(), "the optional string secret", cancellationToken);
        if (wanted is null)
            return Problems.BadRequest(wrong!);
        if (wanted.Secret is { } given && ReceiverInput.SecretObjection(given) is { } objection)
            return Problems.BadRequest(objection);
        var (change, secret) = await receivers.RotateAsync(projectId, id, wanted.Secret, cancellationToken);
        return change switch
        {
            ReceiverChange.OfSettings => Problems.Conflict(OfSettings),
            ReceiverChange.Done when await receivers.FindAsync(projectId, id, cancellationToken) is { } receiver =>
                TypedResults.Ok(new NewReceiverView(ReceiverView.Of(receiver), secret.Reveal)),
            _ => Problems.NotFound(NotFound),
        };
    }

    private static async Task<Results<Ok<ReceiverView>, ProblemHttpResult>> ShowAsync(
        ProjectReceivers receivers, string projectId, string id, Task<ReceiverChange> change, CancellationToken cancellationToken) => await change switch
        {
            ReceiverChange.OfSettings => Problems.Conflict(OfSettings),
            ReceiverChange.Done when await receivers.FindAsync(projectId, id, cancellationToken) is { } receiver => TypedResults.Ok(ReceiverView.Of(receiver)),
            _ => Problems.NotFound(NotFound),
        };
}
