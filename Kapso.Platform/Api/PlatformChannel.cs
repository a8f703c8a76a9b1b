using System.Collections.Frozen;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Threading.RateLimiting;
using Kapso.Engines.Budget;
using Kapso.Engines.Sending;
using Kapso.Platform.Sending;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace Kapso.Platform.Api;

/// <summary>
/// Makes one project's calls: within the budget, with its key, repeated where that is safe, and not at all while the
/// platform answers none for their purpose. Never throws for what the platform, the network or a cancellation does.
/// </summary>
internal sealed partial class PlatformChannel
{
    private const string KeyHeader = "X-API-Key";

    private static readonly TimeSpan LastOfAWait = TimeSpan.FromMilliseconds(500);

    private readonly string _projectId;
    private readonly string _key;
    private readonly Uri _base;
    private readonly FrozenDictionary<CallPurpose, HttpClient> _https;
    private readonly PartitionedRateLimiter<PlatformCall> _budget;
    private readonly TimeProvider _time;
    private readonly PlatformTimings _timings;
    private readonly ILogger _logger;
    private readonly Outage _outage;
    private readonly FrozenDictionary<CallPurpose, Pipelines> _pipelines;
    private readonly HashSet<CallPurpose> _leftAlone = [];
    private long _throttledUntil;

    public PlatformChannel(
        string projectId,
        string key,
        Uri baseUrl,
        FrozenDictionary<CallPurpose, HttpClient> https,
        PartitionedRateLimiter<PlatformCall> budget,
        PlatformTimings timings,
        TimeProvider time,
        ILogger logger)
    {
        _projectId = projectId;
        _key = key;
        _base = new Uri(baseUrl.AbsoluteUri.TrimEnd('/') + "/");
        _https = https;
        _budget = budget;
        _timings = timings;
        _time = time;
        _logger = logger;
        _outage = new Outage($"The platform, for project {projectId},", "Calls of the kind that fail are not made for moments at a time.", time, logger, flaps: true);
        _pipelines = Enum.GetValues<CallPurpose>().ToFrozenDictionary(purpose => purpose, purpose =>
        {
            var once = PlatformPipelines.Circuit(timings, time, open => Tell(purpose, open));
            return new Pipelines(once, PlatformPipelines.Repeated(once, timings, time));
        });
    }

    /// <summary>Makes the call and returns its last attempt.</summary>
    public async Task<Attempt> SendAsync(PlatformRequest request, CancellationToken cancellationToken)
    {
        using var whole = new CancellationTokenSource(
            request.Purpose == CallPurpose.Reconciliation ? _timings.ReconciliationCall : _timings.Call, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, cancellationToken);
        var started = _time.GetTimestamp();
        var last = AttemptReader.Stopped(sent: false);
        var uncertain = false;
        try
        {
            var pipelines = _pipelines[request.Purpose];
            var pipeline = request.MayBeRepeated ? pipelines.Repeated : pipelines.Once;
            await pipeline.ExecuteAsync(
                async token =>
                {
                    last = await TryAsync(request, token);
                    uncertain |= last.MayHaveTakenEffect;
                    return last;
                },
                either.Token);
        }
        catch (BrokenCircuitException exception)
        {
            last = new(AttemptEnd.Withheld, "The platform has failed too often and is left alone for a moment.") { RetryAfter = exception.RetryAfter };
        }
        catch (OperationCanceledException)
        {
            // Stopped between two attempts: what the last one said stands.
        }

        PlatformTelemetry.Calls.Add(1, new TagList { { "call", $"{request.Method} {request.Route}" }, { "end", last.IsSuccess ? "done" : last.End.ToString() } });
        LogCall(_logger, request.Method, request.Route, _projectId, last.End, last.Status, _time.GetElapsedTime(started).TotalMilliseconds, last.Error);
        if (last.IsKeyRefused)
            LogKeyRefused(_logger, _projectId, last.Error);
        return last with { Uncertain = uncertain };
    }

    private async Task<Attempt> TryAsync(PlatformRequest request, CancellationToken cancellationToken)
    {
        using var activity = PlatformTelemetry.Start(request);
        var attempt = await TryOnceAsync(request, cancellationToken);
        PlatformTelemetry.End(activity, attempt);
        return attempt;
    }

    private async Task<Attempt> TryOnceAsync(PlatformRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);

        // What has a body may take effect, and has the time for its answer from when it goes out. What has none may be asked
        // again anyhow, and counts as sent once it is handed over.
        using var outgoing = request.Body is { } body ? new OutgoingBody(body, () => timeout.CancelAfter(_timings.Attempt)) : null;
        var isHandedOver = false;
        try
        {
            if (await WithheldAsync(request.Purpose, cancellationToken) is { } withheld)
                return withheld;

            timeout.CancelAfter(_timings.Attempt);
            using var message = Message(request, outgoing);
            isHandedOver = true;
            using var response = await _https[request.Purpose].SendAsync(message, HttpCompletionOption.ResponseContentRead, either.Token);
            var attempt = await AttemptReader.ReadAsync(response, _time.GetUtcNow());
            if (attempt is { End: AttemptEnd.Throttled, RetryAfter: { } wait })
                Volatile.Write(ref _throttledUntil, (_time.GetUtcNow() + Bounded(wait)).UtcTicks);
            return attempt;
        }
        catch (HttpRequestException exception)
        {
            return AttemptReader.Failed(exception, IsSent());
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? AttemptReader.Stopped(IsSent()) : AttemptReader.TimedOut(_timings.Attempt, IsSent());
        }

        bool IsSent() => outgoing?.IsSent ?? isHandedOver;
    }

    /// <summary>Waits for the budget; null where the attempt may be made.</summary>
    private async Task<Attempt?> WithheldAsync(CallPurpose purpose, CancellationToken cancellationToken)
    {
        // The platform asked for time: nobody else of this project's goes before that, and nothing is taken from the budget.
        // The last of it is sat out here: timers fire early by a hair, and a repeat must not be spent on that.
        var wait = UntilThrottleEnds();
        for (; wait > TimeSpan.Zero && wait <= LastOfAWait; wait = UntilThrottleEnds())
            await Task.Delay(wait + TimeSpan.FromMilliseconds(1), _time, cancellationToken);
        if (wait > TimeSpan.Zero)
            return new(AttemptEnd.Withheld, "The platform asked for fewer calls for a moment (429).") { RetryAfter = wait };

        using var lease = await _budget.AcquireAsync(new(_projectId, purpose), 1, cancellationToken);
        if (lease.IsAcquired)
            return null;
        return new(AttemptEnd.Withheld, "The project's calls for this minute are used up.")
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : null,
        };
    }

    private void Tell(CallPurpose purpose, bool open)
    {
        lock (_leftAlone)
        {
            _ = open ? _leftAlone.Add(purpose) : _leftAlone.Remove(purpose);
            if (_leftAlone.Count > 0)
                _outage.Failed("half of the last calls failed");
            else
                _outage.Answered();
        }
    }

    private TimeSpan UntilThrottleEnds() =>
        new DateTimeOffset(Volatile.Read(ref _throttledUntil), TimeSpan.Zero) - _time.GetUtcNow();

    private HttpRequestMessage Message(PlatformRequest request, OutgoingBody? body)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(_base, request.Path)) { Content = body };
        message.Headers.TryAddWithoutValidation(KeyHeader, _key);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return message;
    }

    /// <summary>What surrounds the attempts for one purpose. A circuit of its own: what fails for one is still tried for another.</summary>
    private sealed record Pipelines(ResiliencePipeline<Attempt> Once, ResiliencePipeline<Attempt> Repeated);

    private static TimeSpan Bounded(TimeSpan wait) => wait < ConnectionPolicy.MaxPutOff ? wait : ConnectionPolicy.MaxPutOff;
}
