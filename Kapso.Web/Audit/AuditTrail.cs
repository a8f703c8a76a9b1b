using System.Diagnostics;
using Kapso.Web.Http;
using Kapso.Web.TurnedAway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Audit;

/// <summary>
/// Writes acts down: what cannot be written down is not done. An outcome that cannot be written is left open, which reads as not known,
/// and is told in the log.
/// </summary>
internal sealed partial class AuditTrail(IConnectionEngine engine, WebLimits limits, TimeProvider time, ILogger<AuditTrail> logger)
{
    /// <summary>The line of an act that a request is, not written yet.</summary>
    public AuditLine LineOf(HttpContext context, string action, AuditActor by) => new()
    {
        Id = AuditLine.NewId(time.GetUtcNow()),
        Action = action,
        By = by,
        Network = Network.Of(context.Connection.RemoteIpAddress).ToString(),
        TraceId = Activity.Current?.TraceId.ToHexString(),
    };

    /// <summary>The line of a request to an endpoint that is marked as an act, not written yet.</summary>
    public AuditLine LineOf(HttpContext context, AuditedAct act, AuditActor by) => LineOf(context, act.Action, by) with
    {
        ProjectId = context.Request.RouteValues["project_id"] as string,
        CustomerId = Parameter(context, act.Customer),
        Target = Parameter(context, act.Target),
    };

    /// <summary>Writes that somebody's role did not reach for an act, where the request is one.</summary>
    /// <exception cref="EngineUnavailableException">It could not be made durable.</exception>
    /// <exception cref="TimeoutException">The engine did not answer in time.</exception>
    public Task RefuseAsync(HttpContext context, AuditActor by) =>
        context.GetEndpoint()?.Metadata.GetMetadata<AuditedAct>() is { } act
            ? BeginAsync(
                LineOf(context, act, by) with { Outcome = AuditOutcome.Refused, Status = StatusCodes.Status403Forbidden },
                context.RequestAborted)
            : Task.CompletedTask;

    /// <summary>Writes the line. Only once it has returned may the act begin.</summary>
    /// <exception cref="EngineUnavailableException">It could not be made durable.</exception>
    /// <exception cref="TimeoutException">The engine did not answer in time.</exception>
    public Task BeginAsync(AuditLine line, CancellationToken cancellationToken) =>
        engine.AppendAuditAsync(line, cancellationToken).WaitAsync(limits.AuditTimeout, time, cancellationToken);

    /// <summary>Writes the line, or says that it could not be made durable: then the act may not begin.</summary>
    public async Task<bool> TryBeginAsync(AuditLine line, CancellationToken cancellationToken)
    {
        try
        {
            await BeginAsync(line, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is EngineUnavailableException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Writes the outcome, whoever still waits for the answer. Never throws: what was done is done.</summary>
    public async Task EndAsync(AuditLine line, AuditEnd end)
    {
        try
        {
            await engine.CompleteAuditAsync(line.ProjectId, line.Id, end, CancellationToken.None).WaitAsync(limits.AuditTimeout, time);
            if (end.Outcome == AuditOutcome.Refused && CustomerKey.TryCreate(line.ProjectId, line.CustomerId, out var key))
                await RedactErasedAsync(key).WaitAsync(limits.AuditTimeout, time);
        }
#pragma warning disable CA1031 // Whatever the engine throws, the line says that the outcome is not known.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogLeftOpen(line.Action, line.Id, end.Outcome, end.Status, exception.Message, exception.Unexpected());
        }
    }

    private static string? Parameter(HttpContext context, string? name)
    {
        if (name is null)
            return null;
        var value = context.Request.RouteValues[name] as string ?? context.Request.Query[name].ToString();
        return BoundedId.IsValid(value) ? value : null;
    }

    /// <summary>What is asked for a customer who was erased, and is not done, names nobody either.</summary>
    private async Task RedactErasedAsync(CustomerKey key)
    {
        if (await engine.FindErasureAsync(key, CancellationToken.None) is { } erasure && await engine.FindAsync(key, CancellationToken.None) is null)
            await engine.RedactAuditAsync(key, erasure.Hash, CancellationToken.None);
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The outcome of {Action} could not be written into the audit, where line {Line} says that it is not known. It was {Outcome}, {Status}: {Why}")]
    private partial void LogLeftOpen(string action, string line, AuditOutcome outcome, int status, string why, Exception? exception);
}
