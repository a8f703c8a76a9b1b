namespace Kapso.Tests.Model;

/// <summary>
/// One thing that a customer is called: their own id, or their name. The newer word counts, and silence clears nothing. What comes
/// live and without a time of its own is newer than all; the others are as old as they say, or as the day they came.
/// </summary>
internal sealed class ModelName
{
    private DateTimeOffset _since;

    public string? Text { get; private set; }

    public void Hear(string? text, DateTimeOffset received, DateTimeOffset? occurred, bool waited)
    {
        if (text is null)
            return;
        var since = occurred ?? received;
        var isOlder = Text is not null && (waited || occurred is not null)
            && (since < _since || (since == _since && string.CompareOrdinal(text, Text) <= 0));
        if (!isOlder)
            (Text, _since) = (text, since);
    }
}
