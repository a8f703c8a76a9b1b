using System.Diagnostics;
using Kapso.Connections.Webhooks;
using Kapso.Platform.Webhooks;
using Kapso.Web.Http;
using Kapso.Web.Projects;
using Kapso.Web.TurnedAway;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Webhooks;

/// <summary>
/// Takes webhooks: the hot path. Project, raw body, signature over the raw bytes; only then is anything parsed. A plain
/// request delegate: nothing is bound, nothing is logged, and a refused request is counted in memory and touches no store.
/// </summary>
internal sealed class WebhookEndpoint(
    ProjectDirectory projects, KeptSecrets kept, DeliveryIntake intake, TurnedAwayCounter turnedAway, WebLimits limits, TimeProvider time)
{
    /// <summary>The route's parameter with the project's id.</summary>
    public const string ProjectParameter = "project_id";

    private readonly int _retryAfter = (int)Math.Ceiling(limits.RetryAfter.TotalSeconds);

    /// <summary>Serves <c>POST /webhooks/project/{project_id}</c>.</summary>
    public Task ServeAsync(HttpContext context) =>
        projects.TryFind(context.Request.RouteValues[ProjectParameter] as string, out var project)
            ? ServeAsync(context, project)
            : AnswerAsync(context, WebhookAnswer.UnknownProject);

    /// <summary>Serves <c>POST /webhooks/project</c>, where one project is configured.</summary>
    public Task ServeOnlyAsync(HttpContext context)
    {
        if (projects.Only is { } project)
            return ServeAsync(context, project);
        turnedAway.Count(TurnedAwayKind.DeliveryUnplaced, null, context);
        return AnswerAsync(context, WebhookAnswer.UnknownProject);
    }

    private async Task ServeAsync(HttpContext context, ServedProject project)
    {
        WebhookAnswer answer;
        try
        {
            answer = await TakeAsync(context.Request, project);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            answer = WebhookAnswer.TooSlow;
        }
        catch (BadHttpRequestException exception)
        {
            // The server's own limit on pace.
            answer = exception.StatusCode == StatusCodes.Status408RequestTimeout ? WebhookAnswer.TooSlow : WebhookAnswer.Incomplete;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The sender went away before its body was complete: nobody reads an answer.
            answer = WebhookAnswer.Incomplete;
        }

        if (answer.TurnedAway is { } kind)
            turnedAway.Count(kind, project.Id, context, answer.Packing);
        await AnswerAsync(context, answer);
    }

    private async ValueTask<WebhookAnswer> TakeAsync(HttpRequest request, ServedProject project)
    {
        if ((project.HasKeptWebhook ? kept.Of(project.Id) : project.Secrets) is not { } secrets)
            return WebhookAnswer.SecretNotKnown;
        if (secrets.Count == 0)
            return WebhookAnswer.NoSecret;
        var signature = request.Headers["X-Webhook-Signature"];
        if (signature.Count == 0 || (signature.Count == 1 && string.IsNullOrWhiteSpace(signature[0])))
            return BodyForm.PackingOf(request.Headers.ContentEncoding, []) is { } packing ? WebhookAnswer.UnsignedPacked(packing) : WebhookAnswer.Unsigned;

        // Nothing says which one of two is meant.
        if (signature.Count > 1)
            return WebhookAnswer.WronglySigned;

        var read = await WebhookBody.ReadAsync(request, limits.MaxWebhookBody, limits.BodyTimeout, time);
        if (read is not { } body)
            return WebhookAnswer.TooLarge;

        using (body)
        {
            if (!WebhookSignature.Verify(body.Bytes.Span, signature[0], secrets))
                return BodyForm.PackingOf(request.Headers.ContentEncoding, body.Bytes.Span) is { } packing ? WebhookAnswer.WronglySignedPacked(packing) : WebhookAnswer.WronglySigned;

            var headers = request.Headers;
            return await intake.TakeAsync(new Arrival(
                project.Id,
                new WebhookHeaders(
                    headers["X-Webhook-Event"],
                    headers["X-Idempotency-Key"],
                    headers["X-Webhook-Payload-Version"],
                    string.Equals(headers["X-Webhook-Batch"], "true", StringComparison.OrdinalIgnoreCase),
                    headers.ContentType,
                    headers.ContentEncoding),
                time.GetUtcNow(),
                Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null,
                body.Bytes));
        }
    }

    private Task AnswerAsync(HttpContext context, WebhookAnswer answer)
    {
        KapsoTelemetry.Webhooks.Add(1, new("answer", answer.StatusText), new("outcome", answer.OutcomeText));

        // A body that is not wanted is not waited for: the connection goes with it.
        if (answer.Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge)
            context.Response.Headers.Connection = "close";
        return answer.WriteAsync(context.Response, _retryAfter);
    }
}
