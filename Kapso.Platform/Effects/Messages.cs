using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Platform.Effects;

/// <summary>A message to the company's application. All members are always present, but for <see cref="NotifyData.Dropped"/> and <see cref="NotifyData.Returned"/>.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Timestamp">When it was decided, UTC: the same in every attempt.</param>
/// <param name="Data">Whom and what it is about.</param>
internal sealed record Message<T>(string Type, DateTime Timestamp, T Data);

/// <summary>The data of <c>customer.connected</c>.</summary>
internal sealed record WelcomeData(
    string ProjectId,
    string CustomerId,
    string? ExternalId,
    string? Name,
    string? PhoneNumberId,
    string? DisplayPhoneNumber,
    string? NumberName,
    string? VerifiedName,
    string? BusinessAccountId,
    string? SetupLinkId);

/// <summary>
/// The data of a change. <c>dropped</c> is there only where messages before this one were dropped untold, <c>returned</c> where the
/// number came back.
/// </summary>
internal sealed record NotifyData(
    string ProjectId,
    string CustomerId,
    string? ExternalId,
    string? Name,
    long Sequence,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Dropped,
    string? PhoneNumberId,
    string? DisplayPhoneNumber,
    string? NumberName,
    string? VerifiedName,
    string? BusinessAccountId,
    string? SetupLinkId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Returned,
    string? Detail);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(Message<WelcomeData>))]
[JsonSerializable(typeof(Message<NotifyData>))]
internal sealed partial class MessageContext : JsonSerializerContext
{
    public static byte[] Write(Message<WelcomeData> message) =>
        JsonSerializer.SerializeToUtf8Bytes(message, Default.MessageWelcomeData);

    public static byte[] Write(Message<NotifyData> message) =>
        JsonSerializer.SerializeToUtf8Bytes(message, Default.MessageNotifyData);
}
