using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Web.Audit;

/// <summary>Writes each request to an endpoint down before it is served, and its outcome after it.</summary>
internal sealed class AuditFilter(AuditedAct act) : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var trail = http.RequestServices.GetRequiredService<AuditTrail>();
        var line = trail.LineOf(http, act, ActorOf(http));
        await trail.BeginAsync(line, http.RequestAborted);

        var notes = new ActNotes();
        http.Features.Set(notes);
        object? result;
        try
        {
            result = await next(context);
        }
        catch (Exception exception) when (StatusOf(exception) is { } status)
        {
            await EndAsync(status < StatusCodes.Status500InternalServerError ? AuditOutcome.Refused : AuditOutcome.Unknown, status);
            throw;
        }

        var answer = StatusOf(result, http.Response);
        await EndAsync(OutcomeOf(answer), answer);
        return result;

        Task EndAsync(AuditOutcome outcome, int status) =>
            trail.EndAsync(line, new AuditEnd(outcome, status, notes.CustomerId ?? line.CustomerId, notes.Target, notes.Detail));
    }

    /// <summary>What an answer says of what was asked for. Of a 502 the platform has not said whether it did its part.</summary>
    public static AuditOutcome OutcomeOf(int status) => status switch
    {
        < StatusCodes.Status400BadRequest => AuditOutcome.Done,
        < StatusCodes.Status500InternalServerError => AuditOutcome.Refused,
        StatusCodes.Status503ServiceUnavailable => AuditOutcome.Failed,
        _ => AuditOutcome.Unknown,
    };

    /// <summary>Somebody who is signed in, or else the key that let the request through, as whoever looked at it left it here.</summary>
    private static AuditActor ActorOf(HttpContext http) =>
        http.User.Identity is { IsAuthenticated: true, Name: { } name } ? AuditActor.Person(name)
        : http.Features.Get<AuditActor>() ?? throw new InvalidOperationException("Nobody has looked at who asks.");

    private static int StatusOf(object? result, HttpResponse response)
    {
        while (result is INestedHttpResult nested)
            result = nested.Result;
        return (result as IStatusCodeHttpResult)?.StatusCode ?? response.StatusCode;
    }

    /// <summary>The status that an exception is answered with; null where nobody waits for an answer any more.</summary>
    private static int? StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        EngineUnavailableException or TimeoutException => StatusCodes.Status503ServiceUnavailable,
        OperationCanceledException => null,
        _ => StatusCodes.Status500InternalServerError,
    };
}
