using System.Diagnostics;
using System.Net.Http.Headers;
using System.Threading.RateLimiting;
using Kapso.Connections;
using Kapso.Platform.Outages;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace Kapso.Platform.Api;

/// <summary>
/// Makes one project's calls: within the budget, with its key, repeated where that is safe, and not at all while the
/// platform is down. Never throws for what the platform, the network or a cancellation does.
/// </summary>
internal sealed partial class PlatformChannel
{
    private const string KeyHeader = "X-API-Key";

    private static readonly TimeSpan LastOfAWait = TimeSpan.FromMilliseconds(500);

    private readonly string _projectId;
    private readonly string _key;
    private readonly Uri _base;
    private readonly HttpClient _http;
    private readonly PartitionedRateLimiter<PlatformCall> _budget;
    private readonly TimeProvider _time;
    private readonly PlatformTimings _timings;
    private readonly ILogger _logger;
    private readonly Outage _outage;
    private readonly ResiliencePipeline<Attempt> _once;
    private readonly ResiliencePipeline<Attempt> _repeated;
    private long _throttledUntil;

    public PlatformChannel(
        string projectId,
        string key,
        Uri baseUrl,
        HttpClient http,
        PartitionedRateLimiter<PlatformCall> budget,
        PlatformTimings timings,
        TimeProvider time,
        ILogger logger)
    {
        _projectId = projectId;
        _key = key;
        _base = new Uri(baseUrl.AbsoluteUri.TrimEnd('/') + "/");
        _http = http;
        _budget = budget;
        _timings = timings;
        _time = time;
        _logger = logger;
        _outage = new Outage($"The platform, for project {projectId},", "No call is made for moments at a time.", time, logger, flaps: true);
        _once = PlatformPipelines.Circuit(timings, time, Tell);
        _repeated = PlatformPipelines.Repeated(_once, timings, time);
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
            var pipeline = request.MayBeRepeated ? _repeated : _once;
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
        if (last.Status is 401 or 403)
            LogKeyRefused(_logger, _projectId, last.Status.Value);
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
        var sent = false;
        using var timeout = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            if (await WithheldAsync(request.Purpose, cancellationToken) is { } withheld)
                return withheld;

            timeout.CancelAfter(_timings.Attempt);
            using var message = Message(request);
            sent = true;
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseContentRead, either.Token);
            var attempt = await AttemptReader.ReadAsync(response, _time.GetUtcNow());
            if (attempt is { End: AttemptEnd.Throttled, RetryAfter: { } wait })
                Volatile.Write(ref _throttledUntil, (_time.GetUtcNow() + Bounded(wait)).UtcTicks);
            return attempt;
        }
        catch (HttpRequestException exception)
        {
            return AttemptReader.Failed(exception);
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? AttemptReader.Stopped(sent) : AttemptReader.TimedOut(_timings.Attempt);
        }
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

    private void Tell(bool open)
    {
        if (open)
            _outage.Failed("half of the last calls failed");
        else
            _outage.Answered();
    }

    private TimeSpan UntilThrottleEnds() =>
        new DateTimeOffset(Volatile.Read(ref _throttledUntil), TimeSpan.Zero) - _time.GetUtcNow();

    private HttpRequestMessage Message(PlatformRequest request)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(_base, request.Path));
        message.Headers.TryAddWithoutValidation(KeyHeader, _key);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return message;
    }

    private static TimeSpan Bounded(TimeSpan wait) => wait < ConnectionPolicy.MaxPutOff ? wait : ConnectionPolicy.MaxPutOff;
}
