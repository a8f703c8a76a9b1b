using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Kapso.Platform.Api;

/// <summary>What surrounds an attempt.</summary>
internal static class PlatformPipelines
{
    /// <summary>Lets no attempt through for a moment after half of the last ones failed. For every call of a purpose, each attempt counted.</summary>
    public static ResiliencePipeline<Attempt> Circuit(PlatformTimings timings, TimeProvider time, Action<bool> changed) =>
        new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Attempt>
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { IsFailure: true }),
                FailureRatio = 0.5,
                MinimumThroughput = timings.CircuitMinimum,
                SamplingDuration = timings.CircuitSampling,
                BreakDuration = timings.CircuitBreak,
                OnOpened = _ => Tell(changed, open: true),
                OnClosed = _ => Tell(changed, open: false),
            })
            .Build();

    /// <summary>For calls that change nothing, or the same thing however often they are made.</summary>
    public static ResiliencePipeline<Attempt> Repeated(ResiliencePipeline<Attempt> circuit, PlatformTimings timings, TimeProvider time) =>
        new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } attempt && IsWorthRepeating(attempt, timings)),
                MaxRetryAttempts = timings.Repeats,
                Delay = timings.RepeatDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,

                // Null: the backoff's own delay.
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.RetryAfter),
            })
            .AddPipeline(circuit)
            .Build();

    private static bool IsWorthRepeating(Attempt attempt, PlatformTimings timings) =>
        (attempt.IsFailure || attempt.End is AttemptEnd.Throttled or AttemptEnd.Withheld)
        && (attempt.RetryAfter is null || attempt.RetryAfter <= timings.LongestWait);

    private static ValueTask Tell(Action<bool> changed, bool open)
    {
        changed(open);
        return ValueTask.CompletedTask;
    }
}
