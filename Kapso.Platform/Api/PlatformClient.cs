using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kapso.Engines.Budget;
using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Api;

/// <summary>
/// The platform's API for one project. Its methods do not throw for what the platform or the network does, nor for a
/// cancellation: the answer's <see cref="PlatformOutcome"/> says whether the call took effect. GET, PATCH and DELETE are repeated
/// where that can help; POST never is.
/// </summary>
public sealed partial class PlatformClient
{
    private const string Platform = "platform/v1";
    private const string Meta = "meta/whatsapp/v24.0";
    private const int PageSize = 100;

    private readonly PlatformChannel _channel;

    internal PlatformClient(PlatformChannel channel) => _channel = channel;

    private Task<PlatformAnswer<T>> GetAsync<T>(
        string route, string path, CallPurpose purpose, Func<JsonElement, T?> read, CancellationToken cancellationToken)
        where T : class =>
        CallAsync(new(HttpMethod.Get, route, path, purpose), read, cancellationToken);

    private Task<PlatformAnswer<T>> SendAsync<T, TBody>(
        HttpMethod method,
        string route,
        string path,
        CallPurpose purpose,
        TBody body,
        JsonTypeInfo<TBody> type,
        Func<JsonElement, T?> read,
        CancellationToken cancellationToken)
        where T : class =>
        CallAsync(new(method, route, path, purpose, JsonSerializer.SerializeToUtf8Bytes(body, type)), read, cancellationToken);

    private async Task<PlatformAnswer<T>> CallAsync<T>(
        PlatformRequest request, Func<JsonElement, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        // A client takes a dot segment out of the path, which makes another call of it.
        if (request.Path.Split('?')[0].Split('/').Any(segment => segment is "" or "." or ".."))
            return new() { Outcome = PlatformOutcome.Refused, Error = "The platform was not asked: an id that is empty, \".\" or \"..\" cannot stand in an address." };

        var attempt = await _channel.SendAsync(request, cancellationToken);
        if (attempt.IsSuccess && read(attempt.Body) is { } value)
            return new() { Outcome = PlatformOutcome.Done, Value = value, Status = attempt.Status, AnsweredAt = attempt.AnsweredAt };

        var outcome = attempt switch
        {
            { End: AttemptEnd.Answered, IsSuccess: false } => PlatformOutcome.Refused,
            _ when request.Method == HttpMethod.Get => PlatformOutcome.Unavailable,
            { IsSuccess: true } or { Uncertain: true } => PlatformOutcome.Unknown,
            _ => PlatformOutcome.Unavailable,
        };
        return new()
        {
            Outcome = outcome,
            Status = attempt.Status,
            Code = attempt.Code,
            Words = attempt.Words,
            IsKeyRefused = attempt.IsKeyRefused,
            Error = attempt.IsSuccess ? Senseless(attempt) : attempt.Error,
            RetryAfter = attempt.RetryAfter,
            AnsweredAt = attempt.AnsweredAt,
        };
    }

    private static string Senseless(Attempt attempt)
    {
        var body = attempt.Body;
        var came = body.ValueKind == JsonValueKind.Object
            ? "an object with " + (body.EnumerateObject().Any() ? string.Join(", ", body.EnumerateObject().Take(8).Select(member => member.Name)) : "no members")
            : body.ValueKind.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"The platform answered {attempt.Status} with JSON that is not what was asked for: {PlainText.Of(came)}.");
    }

    /// <summary>Reads the object in <c>data</c>; the answers that are not wrapped are objects themselves.</summary>
    private static Func<JsonElement, T?> Data<T>(Func<JsonElement, T?> read)
        where T : class =>
        body => read(body.Member("data") ?? body);

    private static string Path(params string[] segments) => string.Join('/', segments.Select((segment, i) => i == 0 ? segment : Uri.EscapeDataString(segment)));

    private static string WithQuery(string path, params (string Name, string? Value)[] query)
    {
        var set = query.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}");
        return string.Join('&', set) is { Length: > 0 } text ? $"{path}?{text}" : path;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
