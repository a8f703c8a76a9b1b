using Kapso.Platform.Receivers;
using Kapso.Web.Operators.Parts;

namespace Kapso.Web.Operators.Receivers;

/// <summary>What the pages for operators say of receivers and messages.</summary>
internal static class ReceiverWords
{
    public static (string Text, string Tone) Of(ReceiverState receiver) => receiver switch
    {
        { DisabledAt: not null } => ("Disabled", "bad"),
        { Traffic.FailingSince: not null } => ("Failing", "waiting"),
        { Traffic.Days.IsEmpty: true } => ("Enabled", "info"),
        _ => ("Goes through", "good"),
    };

    public static (string Text, string Tone) Of(MessageStatus status) => status switch
    {
        MessageStatus.Delivered => ("Delivered", "good"),
        MessageStatus.Retrying => ("Retrying", "waiting"),
        MessageStatus.Held => ("Held", "waiting"),
        _ => ("Dead", "bad"),
    };

    public static string ToldOf(ReceiverState receiver)
    {
        var types = receiver.Types.IsEmpty ? "everything" : string.Join(", ", receiver.Types.Select(static type => NotifyTypes.NameOf(type)));
        return receiver.Tag is { } tag ? $"{types}, of customers with {tag}" : types;
    }

    public static string AnswerOf(ReceiverMessage message) =>
        message.Answer is { } answer ? $"{answer.Status} after {Figures.Of(answer.Milliseconds)} ms"
        : message.Attempts == 0 ? "not sent yet"
        : "none";
}
