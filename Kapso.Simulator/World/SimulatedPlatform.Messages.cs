namespace Kapso.Simulator.World;

/// <summary>A refusal of a message, as Meta or the platform words it.</summary>
/// <param name="Status">The answer's status.</param>
/// <param name="Code">Meta's code; null where the platform itself refuses.</param>
/// <param name="Text">In words; the platform's own refusals are a word for programs.</param>
public sealed record MessageRefusal(int Status, int? Code, string Text);

/// <summary>What a message is made of.</summary>
public sealed record MessageDraft(string To, string Type, string? TemplateName, string? TemplateLanguage, string? CallbackData);

public sealed partial class SimulatedPlatform
{
    private readonly Queue<MessageRefusal> _refusals = new();

    /// <summary>Refuses the next messages, each once.</summary>
    public void RefuseMessages(MessageRefusal refusal, int times)
    {
        lock (_gate)
        {
            for (var i = 0; i < times; i++)
                _refusals.Enqueue(refusal);
        }
    }

    /// <summary>Takes a message, or says why not.</summary>
    public (Message? Message, MessageRefusal? Refusal) Send(string senderPhoneNumberId, MessageDraft draft)
    {
        lock (_gate)
        {
            if (_numbers.Find(senderPhoneNumberId) is not { IsConnected: true } sender)
                return (null, new(404, null, "Phone number not found"));
            if (sender.Kind == PhoneNumber.Sandbox)
                return (null, new(403, null, "Active sandbox session required to send messages"));
            if (_refusals.TryDequeue(out var refusal) || (refusal = Objection(draft)) is not null)
                return (null, refusal);

            return (_messages.Put(new Message
            {
                Id = "wamid." + _madeUp.Token("message"),
                SenderPhoneNumberId = sender.Id,
                From = sender.Digits,
                To = WhatsAppSpelling.Of(draft.To),
                Type = draft.Type,
                TemplateName = draft.TemplateName,
                TemplateLanguage = draft.TemplateLanguage,
                CallbackData = draft.CallbackData,
                At = Now,
                VisibleFrom = Now + Lag(draft.To),
            }), null);
        }
    }

    public IReadOnlyList<Message> Messages() => [.. _messages.NewestFirst];

    /// <summary>What the list of a sender shows now; null where there is no such number.</summary>
    public IReadOnlyList<Message>? VisibleMessages(string senderPhoneNumberId, DateTimeOffset? since) =>
        _numbers.Find(senderPhoneNumberId) is null
            ? null
            : [.. _messages.NewestFirst.Where(message =>
                message.SenderPhoneNumberId == senderPhoneNumberId && message.VisibleFrom <= Now && !(message.At < since))];

    private MessageRefusal? Objection(MessageDraft draft) => draft switch
    {
        { Type: not "template" } => new(422, 131047, "(#131047) Re-engagement message"),
        { CallbackData.Length: > 512 } => new(400, 100, "(#100) biz_opaque_callback_data is longer than 512 characters"),
        { TemplateName: { } name } when _options.PausedTemplates.Contains(name) => new(400, 132015, "(#132015) Template is paused"),
        { TemplateName: { } name } when _options.Templates.Contains(name) => null,
        _ => new(400, 132001, "(#132001) Template name does not exist in the translation"),
    };
}
