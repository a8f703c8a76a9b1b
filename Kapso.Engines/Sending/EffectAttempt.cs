using System.Diagnostics;

namespace Kapso.Engines.Sending;

/// <summary>One attempt at an effect, seen from outside: traced as part of the delivery that led to it, and counted.</summary>
internal static class EffectAttempt
{
    /// <summary>Runs it. Never throws: by the runner's contract any exception is a failed attempt with an unknown outcome.</summary>
    /// <param name="runner">Who sends it.</param>
    /// <param name="claimed">What is sent.</param>
    /// <param name="failed">Told what the runner threw, unless it was cancelled.</param>
    /// <param name="stop">Cancelled when the host's grace time ends.</param>
    public static async Task<EffectResult> RunAsync(
        IEffectRunner runner, ClaimedEffect claimed, Action<Exception, Effect> failed, CancellationToken stop)
    {
        _ = ActivityContext.TryParse(claimed.Effect.TraceParent, null, isRemote: true, out var parent);

        // A later attempt, after a failure or a restart, stands long after the rest of its trace: linked to the delivery as well.
        ActivityLink[] links = claimed.Effect.Attempt > 1 && parent != default ? [new ActivityLink(parent)] : [];
        using var activity = KapsoTelemetry.ActivitySource.StartActivity("kapso.effect", ActivityKind.Client, parent, links: links);
        activity?.SetTag("kapso.effect.kind", claimed.Effect.Kind.ToString());
        activity?.SetTag("kapso.effect.id", claimed.Effect.Id);
        activity?.SetTag("kapso.effect.attempt", claimed.Effect.Attempt);

        EffectResult result;
        try
        {
            result = await runner.RunAsync(claimed, stop);
        }
#pragma warning disable CA1031 // See above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (exception is not OperationCanceledException)
                failed(exception, claimed.Effect);
            result = EffectResult.Retry($"The attempt ended with {exception.GetType().Name}.", outcomeUnknown: true);
        }

        activity?.SetTag("kapso.effect.result", result.Kind.ToString());
        if (result.Kind != EffectResultKind.Done)
            activity?.SetStatus(ActivityStatusCode.Error, result.Error);
        KapsoTelemetry.EffectAttempts.Add(
            1, Tags.Of("kind", claimed.Effect.Kind), Tags.Of("result", result.Kind));
        return result;
    }
}
