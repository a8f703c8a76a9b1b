using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Platform.Effects;

/// <summary>A message to the company's application. All members are always present, but for those of which <see cref="NotifyData"/> says so.</summary>
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
    IReadOnlyDictionary<string, string> Tags,
    string? PhoneNumberId,
    string? DisplayPhoneNumber,
    string? NumberName,
    string? VerifiedName,
    string? BusinessAccountId,
    string? SetupLinkId);

/// <summary>
/// The data of a change. <c>dropped</c> is there only where messages before this one were dropped untold, <c>returned</c> where the
/// number came back, <c>kind</c> where it is a sandbox number, <c>same_phone_as</c> where a number that was connected has the phone of
/// the customer's number that it names. <c>disconnection</c>, <c>connection_type</c> and <c>attention</c> are there only where the
/// platform told them; <c>url</c>, which is a bearer's secret, and <c>expires_at</c> only for a reconnect link that the customer can open
/// when it is sent.
/// </summary>
internal sealed record NotifyData(
    string ProjectId,
    string CustomerId,
    string? ExternalId,
    string? Name,
    IReadOnlyDictionary<string, string> Tags,
    long Sequence,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Dropped,
    string? PhoneNumberId,
    string? DisplayPhoneNumber,
    string? NumberName,
    string? VerifiedName,
    string? BusinessAccountId,
    string? SetupLinkId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Returned,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SamePhoneAs,
    string? Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ConnectionType = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ToldDisconnection? Disconnection = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ToldAttention? Attention = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? ExpiresAt = null)
{
    /// <summary>The change and whom it is about: nothing that opens anything, no phone.</summary>
    public override string ToString() => $"{nameof(NotifyData)} {Sequence} of {CustomerId}";
}

/// <summary>Why a number went, in the platform's words.</summary>
internal sealed record ToldDisconnection(string? Reason, string? InitiatedBy, string? SourceEvent);

/// <summary>What was held against the account of a number when the change was decided, as far as it still is known; the change itself is in <c>detail</c>.</summary>
internal sealed record ToldAttention(string Reason, DateTime Since, DateTime? Until, IReadOnlyList<ToldNotice> Notices);

/// <summary>One thing that is held against an account, in the platform's words.</summary>
internal sealed record ToldNotice(string Kind, string? Type, string? Detail, DateTime Since, DateTime? Until, string? EventId);

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
