using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Kapso.Platform.Receivers;

/// <summary>
/// What an attempt's end means. The receiver deduplicates by <c>webhook-id</c>, so that an unknown outcome is sent again.
/// The texts say what came and hold nothing of the URL, the body or the secret.
/// </summary>
internal static class ReceiverAnswer
{
    /// <summary>
    /// 2xx is done. 4xx is a refusal for good, except 408 (too slow), 425 (too early) and 429 (too many). The rest can be
    /// better next time; that includes a redirect, which is never followed: a signed request goes where the settings say.
    /// </summary>
    public static EffectResult Read(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            >= 200 and < 300 => EffectResult.Done,
            408 or 425 or 429 => EffectResult.Retry(Text($"The receiver answered {status}."), RetryAfter(response.Headers.RetryAfter, now)),
            >= 400 and < 500 => EffectResult.Dead(Text($"The receiver answered {status}, which refuses it for good.")),
            >= 300 and < 400 => EffectResult.Retry(
                Text($"The receiver answered {status}; redirects are not followed. Set the URL that it points to."),
                RetryAfter(response.Headers.RetryAfter, now)),
            _ => EffectResult.Retry(Text($"The receiver answered {status}."), RetryAfter(response.Headers.RetryAfter, now)),
        };
    }

    /// <summary>The request failed before an answer could be read.</summary>
    /// <param name="exception">What it failed with.</param>
    /// <param name="sent">Whether any of it may have reached the receiver; where not, the outcome is known.</param>
    public static EffectResult Failed(HttpRequestException exception, bool sent) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => EffectResult.Retry("The receiver's host name could not be resolved."),
        HttpRequestError.ConnectionError => EffectResult.Retry($"No connection to the receiver{Cause(exception)}."),
        HttpRequestError.SecureConnectionError => EffectResult.Retry(
            "No secure connection to the receiver: check its certificate and TLS versions."),
        HttpRequestError.ProxyTunnelError => EffectResult.Retry("The proxy did not connect to the receiver."),
        _ when !sent => EffectResult.Retry($"The connection to the receiver broke before anything was sent{Cause(exception)}."),

        HttpRequestError.ResponseEnded => Unknown("The receiver closed the connection without an answer."),
        HttpRequestError.InvalidResponse => Unknown("The receiver's answer was not HTTP."),
        HttpRequestError.ConfigurationLimitExceeded => Unknown("The receiver's answer had too many headers."),
        _ => Unknown($"The connection to the receiver broke{Cause(exception)}."),
    };

    public static EffectResult TimedOut(TimeSpan timeout) =>
        Unknown(Text($"The receiver did not answer within {timeout.TotalSeconds:0.###} s."));

    /// <summary>The attempt never had a connection, so that it was not sent.</summary>
    public static EffectResult NoConnection(TimeSpan timeout) =>
        EffectResult.Retry(Text($"No connection to the receiver within {timeout.TotalSeconds:0.###} s."));

    /// <summary>The service stopped.</summary>
    public static EffectResult Stopped(bool sent) => sent
        ? Unknown("The service stopped before the receiver answered.")
        : EffectResult.Retry("Given back unsent: the service was stopped.");

    private static EffectResult Unknown(string error) => EffectResult.Retry(error, outcomeUnknown: true);

    private static string Cause(HttpRequestException exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException socket)
                return $" ({socket.SocketErrorCode})";
        }

        return "";
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var wait = header?.Delta ?? (header?.Date - now);
        if (wait is null || wait <= TimeSpan.Zero)
            return null;
        return wait < ConnectionPolicy.MaxPutOff ? wait : ConnectionPolicy.MaxPutOff;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
