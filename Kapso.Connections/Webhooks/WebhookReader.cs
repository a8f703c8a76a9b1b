using System.Text.Json;
using System.Text.Unicode;

namespace Kapso.Connections.Webhooks;

/// <summary>
/// Says what an authentic webhook means. Every input gives observations, an event that is not ours, a test or a reason to
/// park; none throws. Accepts the flat body, the envelope, the batch (of either) and version 1, and ignores what it does
/// not know.
/// </summary>
/// <remarks>
/// The choices where the platform's documentation is silent:
/// <list type="bullet">
/// <item>The event header is not signed. Where it and a name in the body differ and either is an event of ours, the delivery
/// is parked; where neither is, the header's name counts (the bodies of other events have an <c>event</c> of their own).</item>
/// <item>A member that is read and comes twice in one object is refused (<see cref="ParkedReason.Malformed"/>), whatever the
/// event, because another reader could take the other value; so is a number or customer both in an envelope and beside it.</item>
/// <item>Only the literal <c>true</c> makes a test. It comes before everything but broken JSON: a test has sample ids. An
/// item of a batch that is a test is left out.</item>
/// <item>An empty batch of an event of ours is <see cref="ParkedReason.Malformed"/>: it ought to have said something.</item>
/// <item>One bad item parks the whole batch; its other items can be folded again without harm.</item>
/// <item>An event of an account is one observation for each number that it names. It does not say whose they are: each is looked
/// up. One that names no number is kept for a person.</item>
/// <item>A body is read as it came, whatever <c>Content-Encoding</c> and <c>Content-Type</c> say: they are not signed. Where it cannot be
/// read, what they say is named.</item>
/// <item>Where only a detail cannot be used (setup link, account, display number, time), it is left out.</item>
/// </list>
/// </remarks>
public static partial class WebhookReader
{
    /// <summary>Items of a batch that are accepted. A larger batch is parked whole.</summary>
    public const int MaxBatch = 100;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a body whose signature was verified.</summary>
    /// <param name="projectId">The project whose secret signed it.</param>
    /// <param name="headers">What the headers said.</param>
    /// <param name="body">The raw body: UTF-8, with or without a byte order mark.</param>
    /// <param name="receivedAt">When it was first received.</param>
    /// <param name="replayed">Whether it waited as a parked delivery.</param>
    /// <param name="traceParent">W3C <c>traceparent</c> of the delivery, or null.</param>
    public static WebhookReading Read(
        string projectId, in WebhookHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset receivedAt,
        bool replayed = false, string? traceParent = null)
    {
        if (body.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        if (!Utf8.IsValid(body))
            return Malformed(BodyForm.Explain(headers, body) + "The body is not UTF-8.");

        var declared = headers.Event.AsSpan().Trim().Length == headers.Event?.Length ? headers.Event : headers.Event?.Trim();
        var said = headers with
        {
            Event = string.IsNullOrEmpty(declared) ? null : declared,
            IdempotencyKey = BoundedId.IsValid(headers.IdempotencyKey) ? headers.IdempotencyKey : null,
        };
        var read = new WebhookBody(body, projectId, said);
        try
        {
            read.Read();
        }
        catch (JsonException exception)
        {
            return Malformed(
                BodyForm.Explain(headers, body)
                + $"The body is not JSON of at most {WebhookBody.MaxDepth} levels: line {exception.LineNumber + 1}, "
                + $"byte {exception.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            return Malformed("A name or a value in the body holds an unpaired surrogate.");
        }

        if (read.Repeated != BodyMember.None)
            return Malformed($"The body has {BodyMembers.Name(read.Repeated)} more than once in one object.");
        return Judge(ref read, new Delivery(said, receivedAt, replayed, traceParent));
    }

    private static WebhookReading Judge(ref WebhookBody body, in Delivery delivery)
    {
        if (body.Whole.Test)
            return WebhookReading.Test.Instance;
        if (body.Whole.OtherProjectId is { } other)
            return OtherProject(other);

        var header = delivery.Headers.Event;
        if (body.Items is null)
            return Judge(body.Whole, header, delivery);

        if ((Disagree(header, body.Type) ?? Disagree(header ?? body.Type, body.Whole.Event)) is { } mismatch)
            return mismatch;
        if (body.ItemCount > MaxBatch)
        {
            return new WebhookReading.Park(
                ParkedReason.BatchTooLarge, $"The batch has {body.ItemCount} items; at most {MaxBatch} are accepted.");
        }

        return JudgeBatch(ref body, header ?? body.Type ?? body.Whole.Event, delivery);
    }

    private static WebhookReading JudgeBatch(ref WebhookBody body, string? name, in Delivery delivery)
    {
        if (WebhookEvents.IsOurs(name) && (body.Whole.Subject != BodyMember.None || body.Whole.Trouble is not null))
            return Malformed(body.Whole.Trouble ?? "The body is a batch and names a number, customer or link beside it.");

        var observations = new List<CustomerObservation>(body.Items!.Count);
        WebhookReading? last = null;
        foreach (var item in body.Items)
        {
            if (item.Test)
            {
                last ??= WebhookReading.Test.Instance;
                continue;
            }

            var reading = Judge(item, name, delivery);
            if (reading is WebhookReading.Park)
                return reading;
            if (reading is WebhookReading.Observations some)
                observations.AddRange(some.Items);
            else if (last is not WebhookReading.NotOurs)
                last = reading;
        }

        if (observations.Count > MaxBatch)
            return TooManyNumbers();
        if (observations.Count > 0)
            return new WebhookReading.Observations(observations);
        return last ?? (WebhookEvents.IsOurs(name) ? Malformed("The batch is empty.") : NotOurs(name));
    }

    /// <summary>What one item says.</summary>
    private static WebhookReading Judge(in WebhookItem item, string? name, in Delivery delivery)
    {
        if (item.OtherProjectId is { } other)
            return OtherProject(other);
        if ((Disagree(name, item.Event) ?? Disagree(name ?? item.Event, item.DataEvent)) is { } mismatch)
            return mismatch;

        name ??= item.Event ?? item.DataEvent;
        if (WebhookEvents.KindOf(name, out var canonical) is not { } kind)
            return NotOurs(name);
        if (item.Trouble is { } trouble)
            return Malformed(trouble);

        var tooFarAhead = item.OccurredAt - delivery.ReceivedAt > OccurredAt.MaxAhead;
        var observation = new Observation
        {
            Kind = kind,
            Source = Source.Webhook,
            Event = canonical,
            PhoneNumberId = item.PhoneNumberId,
            ReceivedAt = delivery.ReceivedAt,
            Replayed = delivery.Replayed,
            OccurredAt = tooFarAhead ? null : item.OccurredAt,
            DeliveryId = delivery.Headers.IdempotencyKey,
            SetupLinkId = item.SetupLinkId,
            ConnectionType = item.ConnectionType,
            Disconnection = kind == ObservationKind.Gone ? item.Disconnection : null,
            Details = item.BusinessAccountId is null && item.DisplayPhoneNumber is null ? null : new NumberDetails
            {
                BusinessAccountId = item.BusinessAccountId,
                DisplayPhoneNumber = item.DisplayPhoneNumber,
            },
            Customer = item.CustomerId is null ? null : CustomerNames.Of(item.OwnId, item.CustomerName),
            TraceParent = delivery.TraceParent,
        };
        if (kind == ObservationKind.AccountChanged)
            return JudgeAccount(item, observation);
        return item.PhoneNumberId is null
            ? Malformed("The body names no phone_number_id.")
            : new WebhookReading.Observations([new CustomerObservation(item.CustomerId, observation)]);
    }

    private static WebhookReading.Park? Disagree(string? said, string? body) =>
        said is null || body is null || said == body || !(WebhookEvents.IsOurs(said) || WebhookEvents.IsOurs(body))
            ? null
            : new WebhookReading.Park(
                ParkedReason.EventMismatch, $"The delivery is announced as {Shown(said)}, and its body says {Shown(body)}.");

    private static WebhookReading NotOurs(string? name) => name switch
    {
        null => Malformed("Neither the event header nor the body names the event."),
        _ when BoundedId.IsValid(name) => new WebhookReading.NotOurs(name),
        _ => Malformed("The event's name is not one of 1 to 128 characters."),
    };

    private static string Shown(string name) => BoundedId.IsValid(name) ? $"'{name}'" : "an event without a valid name";

    private static WebhookReading.Park OtherProject(string id) =>
        new(ParkedReason.OtherProject, $"The body names project '{id}', whose secret did not sign it.");

    private static WebhookReading.Park Malformed(string detail) => new(ParkedReason.Malformed, detail);

    private readonly record struct Delivery(
        WebhookHeaders Headers, DateTimeOffset ReceivedAt, bool Replayed, string? TraceParent);
}
