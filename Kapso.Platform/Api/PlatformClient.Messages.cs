using System.Text.Json;
using Kapso.Engines.Budget;
using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Api;

public sealed partial class PlatformClient
{
    private const string Messages = "messages";

    /// <summary>
    /// Sends a template message. After <see cref="PlatformOutcome.Unknown"/> the message may have gone out: nobody
    /// deduplicates it, so that it is never sent again before <see cref="ListMessagesAsync"/> has been asked.
    /// </summary>
    /// <param name="senderPhoneNumberId">The sender's <c>phone_number_id</c>.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<PlatformAnswer<MessageReceipt>> SendMessageAsync(
        string senderPhoneNumberId, TemplateMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return SendAsync(
            HttpMethod.Post,
            "/{phone_number_id}/messages",
            Path(Meta, senderPhoneNumberId, Messages),
            CallPurpose.Welcome,
            message.ToBody(),
            RequestBodyContext.Default.MessageBody,
            Receipt,
            cancellationToken);
    }

    /// <summary>
    /// Lists a number's outbound messages, newest first. What is not in the list yet may come. The filters are asked for and
    /// may be ignored: the caller checks time, direction and recipient.
    /// </summary>
    /// <param name="phoneNumberId">The sender's <c>phone_number_id</c>.</param>
    /// <param name="since">Asks for messages from then on.</param>
    /// <param name="after">Null for the first page, then <see cref="PlatformPage{T}.Next"/>.</param>
    /// <param name="purpose">What it is made for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<PlatformAnswer<PlatformPage<PlatformMessage>>> ListMessagesAsync(
        string phoneNumberId, DateTimeOffset since, string? after, CallPurpose purpose, CancellationToken cancellationToken) =>
        GetAsync(
            "/{phone_number_id}/messages",
            WithQuery(
                Path(Meta, phoneNumberId, Messages),
                ("direction", "outbound"),
                ("since", since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)),
                ("limit", Number(PageSize)),
                ("after", after),
                ("fields", "kapso(default)")),
            purpose,
            body => PlatformPage<PlatformMessage>.ReadByCursor(body, PlatformMessage.Read),
            cancellationToken);

    private static MessageReceipt? Receipt(JsonElement body) =>
        body.Member("messages") is { ValueKind: JsonValueKind.Array } messages && messages.GetArrayLength() > 0
            && PlainName.Of(messages[0].Text("id")) is { } id
            ? new(id)
            : null;
}
