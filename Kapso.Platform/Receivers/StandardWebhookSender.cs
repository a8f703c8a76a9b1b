using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Kapso.Engines.Sending;
using Kapso.Platform.Sending;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Receivers;

/// <summary>
/// Posts signed messages to the company's application, as Standard Webhooks 1.0.0 says. Welcomes and notifies may go to one
/// host: each has connections of its own, so that neither waits for the other's.
/// </summary>
internal sealed class StandardWebhookSender : IDisposable
{
    // Enough for the short answers that receivers give, so that the connection can be used again; a longer one is cut off.
    private const int MaxAnswerBytes = 4 * 1024;
    private const int MaxAnswerHeaderKilobytes = 16;

    /// <summary>
    /// The longest that an attempt waits for a connection. The lane has as many of them as it sends at a time, so that this is the
    /// time to make one.
    /// </summary>
    public static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer's body is waited for.</summary>
    private static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _lease;
    private readonly FrozenDictionary<EffectKind, HttpClient> _clients;
    private readonly TimeProvider _time;
    private readonly ILogger<StandardWebhookSender> _logger;
    private readonly ConcurrentDictionary<string, Outage> _outages = new(StringComparer.Ordinal);

    public StandardWebhookSender(IOptions<KapsoOptions> options, TimeProvider time, ILogger<StandardWebhookSender> logger)
    {
        (_time, _logger) = (time, logger);
        _lease = options.Value.Outbox.Lease;
        var parallelism = options.Value.Outbox.Parallelism;
        _clients = new[] { EffectKind.Welcome, EffectKind.Notify }.ToFrozenDictionary(lane => lane, _ => Connect(parallelism));
    }

    /// <summary>
    /// Makes one attempt. Ends within the lease, and never throws. What ends before the request went out is known to have had no
    /// effect.
    /// </summary>
    /// <param name="receiver">Where to; its URL and secret were validated at the start.</param>
    /// <param name="effect">The effect whose id goes out as <c>webhook-id</c>.</param>
    /// <param name="body">The message, JSON in UTF-8.</param>
    /// <param name="cancellationToken">Cancelled when the service stops.</param>
    public async Task<EffectResult> SendAsync(
        ReceiverOptions receiver, Effect effect, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (receiver.Url is null || !StandardWebhookSecret.TryParse(receiver.Secret, out var secret))
            return EffectResult.Retry("No receiver is configured for this; set its Url and Secret.");

        var leaseLeaves = _lease - receiver.Timeout;
        var connectTime = leaseLeaves < ConnectTime ? leaseLeaves : ConnectTime;
        using var timeout = new CancellationTokenSource(connectTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var outgoing = new OutgoingBody(body, () => timeout.CancelAfter(receiver.Timeout));
        var started = _time.GetTimestamp();
        try
        {
            using var request = Request(receiver.Url, secret, effect, outgoing, body);
            using var response = await _clients[effect.Kind].SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var result = Told(receiver.Url, ReceiverAnswer.Read(response, _time.GetUtcNow()));
            return effect.Kind == EffectKind.Notify ? result with { Exchange = await ReadAsync(response, _time.GetElapsedTime(started), either.Token) } : result;
        }
        catch (HttpRequestException exception)
        {
            return Told(receiver.Url, ReceiverAnswer.Failed(exception, outgoing.IsSent));
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested
                ? ReceiverAnswer.Stopped(outgoing.IsSent)
                : Told(receiver.Url, outgoing.IsSent ? ReceiverAnswer.TimedOut(receiver.Timeout) : ReceiverAnswer.NoConnection(connectTime));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    /// <summary>The answer as it is kept. What of its body does not come soon is left: the answer stands without.</summary>
    private static async Task<Exchange> ReadAsync(HttpResponseMessage response, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(BodyTime);
        var (body, length) = (new byte[Exchange.MaxBody], 0);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(soon.Token);
            length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, soon.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            length = 0;
        }

        var text = length == 0 ? null : Encoding.UTF8.GetString(body.AsSpan(0, length)).Replace('\0', ' ');
        return new Exchange((int)response.StatusCode, text, (long)elapsed.TotalMilliseconds);
    }

    private static HttpClient Connect(int connections)
    {
        var client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                MaxConnectionsPerServer = connections,
                ConnectTimeout = ConnectTime,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
                MaxResponseDrainSize = MaxAnswerBytes,
                MaxResponseHeadersLength = MaxAnswerHeaderKilobytes,
            })
        {
            // Each attempt has the time-out of its receiver.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Kapso");
        return client;
    }

    /// <summary>Tells when a receiver goes and is back. One that refuses a message is there.</summary>
    private EffectResult Told(Uri url, EffectResult result)
    {
        if (result.Kind == EffectResultKind.Retry)
            OutageOf(url).Failed(result.Error!.TrimEnd('.'));
        else if (!_outages.IsEmpty)
            OutageOf(url).Answered();
        return result;
    }

    private Outage OutageOf(Uri url) => _outages.GetOrAdd(url.Authority, static (authority, self) => new Outage(
        $"The receiver at {authority}", "What is meant for it waits, and is sent again.", self._time, self._logger, flaps: true), this);

    private HttpRequestMessage Request(
        Uri url, StandardWebhookSecret secret, Effect effect, OutgoingBody outgoing, ReadOnlyMemory<byte> body)
    {
        // The attempt's own time: receivers refuse timestamps that are minutes old.
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = outgoing };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", effect.Id);
        request.Headers.Add("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", secret.Sign(effect.Id, now, body.Span));

        // HttpClient passes on the current activity; without one, the delivery's trace still goes with its effect.
        if (Activity.Current is null && ActivityContext.TryParse(effect.TraceParent, null, out _))
            request.Headers.Add("traceparent", effect.TraceParent);
        return request;
    }
}
