using Kapso.Platform.Receivers;
using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>What was sent to receivers: looked at, sent again, tried.</summary>
internal static class MessageEndpoints
{
    /// <summary>What is said of a message that is not kept.</summary>
    public const string NotKept = "No such message to this receiver is kept (any more).";

    /// <summary>Maps them below the project.</summary>
    public static void MapMessages(this IEndpointRouteBuilder project)
    {
        var receiver = project.MapGroup("/receivers/{id}");
        receiver.MapGet("/messages", ListAsync)
            .WithName("listMessages")
            .WithSummary("Messages to a receiver, the newest first: 10,000 or 30 days of them")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        receiver.MapGet("/messages/{message_id}", FindAsync)
            .WithName("getMessage")
            .WithSummary("One message to a receiver");
        receiver.MapPost("/messages/{message_id}/resend", ResendAsync)
            .WithName("resendMessage")
            .Audited(AuditActions.ResendMessage, target: "message_id")
            .WithSummary("Sends a message again, under the same id")
            .ProducesProblem(StatusCodes.Status409Conflict);
        receiver.MapPost("/resend", ResendFailedAsync)
            .WithName("resendFailedMessages")
            .Audited(AuditActions.ResendMessages, target: "id")
            .WithSummary("Sends all messages again that are held or dead; asked again, goes on")
            .Accepts<ResendRequest>(isOptional: true, "application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        receiver.MapPost("/test", TestAsync)
            .WithName("testReceiver")
            .Audited(AuditActions.TestReceiver, target: "id")
            .WithSummary("Sends a test event at once, also to a receiver that is disabled");
    }

    private static async Task<Results<Ok<ListView<MessageView>>, ProblemHttpResult>> ListAsync(
        [FromRoute(Name = "project_id")] string projectId,
        string id,
        string? status,
        string? cursor,
        string? limit,
        IConnectionEngine engine,
        ProjectReceivers receivers,
        CancellationToken cancellationToken)
    {
        var wrong = ListParameters.ReadLimit(limit, out var rows) ?? ListParameters.CheckCursor(cursor);
        wrong = ListParameters.ReadName("status", status, out var wanted, Enum.GetValues<MessageStatus>()) ?? wrong;
        if (wrong is not null)
            return Problems.BadRequest(wrong);
        if (!await receivers.ExistsAsync(projectId, id, cancellationToken))
            return Problems.NotFound(ReceiverEndpoints.NotFound);
        var page = await engine.ListMessagesAsync(new MessageQuery(projectId, id, wanted, cursor, rows), cancellationToken);
        return TypedResults.Ok(ListView.Of(page, MessageView.Of));
    }

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> FindAsync(
        [FromRoute(Name = "project_id")] string projectId,
        string id,
        [FromRoute(Name = "message_id")] string messageId,
        IConnectionEngine engine,
        CancellationToken cancellationToken) =>
        await engine.FindMessageAsync(projectId, id, messageId, cancellationToken) is { } message
            ? TypedResults.Ok(MessageView.Of(message))
            : Problems.NotFound(NotKept);

    private static async Task<Results<Ok<EffectActionView>, ProblemHttpResult>> ResendAsync(
        [FromRoute(Name = "project_id")] string projectId,
        string id,
        [FromRoute(Name = "message_id")] string messageId,
        ReceiverMessages messages,
        CancellationToken cancellationToken) =>
        await messages.ResendAsync(projectId, id, messageId, by: null, cancellationToken) switch
        {
            EffectAction.NotFound => Problems.NotFound(NotKept),
            EffectAction.NotWaiting => Problems.Conflict("Nothing was done: the message is on its way by itself."),
            var action => TypedResults.Ok(new EffectActionView(messageId, action == EffectAction.Applied)),
        };

    private static async Task<Results<Ok<ResentView>, ProblemHttpResult>> ResendFailedAsync(
        [FromRoute(Name = "project_id")] string projectId,
        string id,
        HttpRequest request,
        ProjectReceivers receivers,
        ReceiverMessages messages,
        CancellationToken cancellationToken)
    {
        var (wanted, wrong) = await JsonBody.ReadAsync(request, new ResendRequest(), "the optional time since, as 2026-01-31T00:00:00Z", cancellationToken);
        if (wanted is null)
            return Problems.BadRequest(wrong!);
        if (!await receivers.ExistsAsync(projectId, id, cancellationToken))
            return Problems.NotFound(ReceiverEndpoints.NotFound);
        return TypedResults.Ok(new ResentView(await messages.ResendFailedAsync(
            projectId, id, wanted.Since ?? DateTimeOffset.MinValue, by: null, cancellationToken)));
    }

    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> TestAsync(
        [FromRoute(Name = "project_id")] string projectId, string id, ReceiverMessages messages, CancellationToken cancellationToken) =>
        await messages.SendTestAsync(projectId, id, cancellationToken) is { } message
            ? TypedResults.Ok(MessageView.Of(message))
            : Problems.NotFound(ReceiverEndpoints.NotFound);
}
