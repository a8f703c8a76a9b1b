using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Api;

/// <summary>What the end of an attempt means. The texts say what came and hold nothing that could be a secret.</summary>
internal static class AttemptReader
{
    /// <summary>Reads an answer whose body has arrived in full.</summary>
    public static async Task<Attempt> ReadAsync(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var content = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
        var body = Parse(content);
        var (code, words) = status < 400 ? (null, "") : body is { } json ? ErrorReader.Read(json) : (null, PlainWords(response, content));
        var isKeyRefused = KeyRefusals.Is(status, code, words);
        var attempt = status switch
        {
            // What was deleted is not told of again, and 204 says that there is nothing to tell.
            >= 200 and < 300 when body is null && status != 204 && response.RequestMessage?.Method != HttpMethod.Delete => new Attempt(AttemptEnd.Broken, Text($"The platform answered {status} with {Describe(response, content)} in place of JSON.")),
            >= 200 and < 300 => new Attempt(AttemptEnd.Answered, ""),
            >= 300 and < 400 => new Attempt(AttemptEnd.Answered, Text($"The platform answered {status}; redirects are not followed with a key. Check Kapso:Platform:BaseUrl.")),
            429 => new Attempt(AttemptEnd.Throttled, Said()),
            408 or >= 500 => new Attempt(AttemptEnd.ServerError, Said()),
            _ => new Attempt(AttemptEnd.Answered, isKeyRefused ? Said() + " Check the project's ApiKey." : Said()),
        };
        return attempt with
        {
            Status = status,
            Code = code,
            Words = words,
            IsKeyRefused = isKeyRefused,
            Body = body ?? default,
            RetryAfter = RetryAfter(response.Headers.RetryAfter, now),
            AnsweredAt = response.Headers.Date,
        };

        string Said() => words.Length > 0 ? Text($"The platform answered {status}: {words.TrimEnd('.')}.")
            : body is null ? Text($"The platform answered {status} with {Describe(response, content)}.")
            : Text($"The platform answered {status}.");
    }

    /// <summary>The request failed before an answer could be read.</summary>
    /// <param name="exception">What it failed with.</param>
    /// <param name="sent">Whether any of it may have reached the platform.</param>
    public static Attempt Failed(HttpRequestException exception, bool sent) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new(AttemptEnd.NotSent, "The platform's host name could not be resolved."),
        HttpRequestError.ConnectionError => new(AttemptEnd.NotSent, $"No connection to the platform{Cause(exception)}."),
        HttpRequestError.SecureConnectionError => new(AttemptEnd.NotSent, "No secure connection to the platform: check its certificate and TLS versions."),
        HttpRequestError.ProxyTunnelError => new(AttemptEnd.NotSent, "The proxy did not connect to the platform."),
        _ when !sent => new(AttemptEnd.NotSent, $"The connection to the platform broke before anything was sent{Cause(exception)}."),
        HttpRequestError.ConfigurationLimitExceeded => new(AttemptEnd.Lost, "The platform's answer was too long."),
        HttpRequestError.ResponseEnded => new(AttemptEnd.Lost, "The platform closed the connection before its answer was complete."),
        HttpRequestError.InvalidResponse => new(AttemptEnd.Lost, "The platform's answer was not HTTP."),
        _ => new(AttemptEnd.Lost, $"The connection to the platform broke{Cause(exception)}."),
    };

    /// <summary>No answer in time; or no connection, so that it was not sent.</summary>
    public static Attempt TimedOut(TimeSpan timeout, bool sent) => sent
        ? new(AttemptEnd.TimedOut, Text($"The platform did not answer within {timeout.TotalSeconds:0.###} s."))
        : new(AttemptEnd.NotSent, Text($"No connection to the platform within {timeout.TotalSeconds:0.###} s."));

    /// <summary>The caller gave up, or the call's whole time was over.</summary>
    public static Attempt Stopped(bool sent) => sent
        ? new(AttemptEnd.Lost, "The call was stopped before the platform answered.")
        : new(AttemptEnd.Withheld, "The call was stopped before it was sent.");

    private static JsonElement? Parse(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The words of a refusal that is plain text; a page in HTML is some proxy's, and says nothing of the platform.</summary>
    private static string PlainWords(HttpResponseMessage response, byte[] content) =>
        response.Content.Headers.ContentType?.MediaType == "text/plain" ? PlainText.Of(Encoding.UTF8.GetString(content)) : "";

    private static string Describe(HttpResponseMessage response, byte[] content) => content.Length == 0
        ? "an empty body"
        : Text($"{content.Length} bytes of {PlainText.Of(response.Content.Headers.ContentType?.MediaType ?? "no content type")}");

    private static string Cause(HttpRequestException exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException socket)
                return $" ({socket.SocketErrorCode})";
        }

        return "";
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now) =>
        (header?.Delta ?? (header?.Date - now)) is { } wait && wait > TimeSpan.Zero ? wait : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
