namespace Kapso.Platform.Api;

/// <summary>A WhatsApp template message.</summary>
public sealed record TemplateMessage
{
    /// <summary>Longest callback data that the platform takes.</summary>
    public const int MaxCallbackData = 512;

    /// <summary>The recipient's number, E.164 with or without the plus.</summary>
    public required string To { get; init; }

    /// <summary>The approved template's name.</summary>
    public required string Name { get; init; }

    /// <summary>The template's language code, e.g. <c>en_US</c>.</summary>
    public required string Language { get; init; }

    /// <summary>The values of the body's variables, in their order.</summary>
    public IReadOnlyList<string> BodyParameters { get; init; } = [];

    /// <summary>Comes back in the number's own message webhooks; never in the message list.</summary>
    public string? CallbackData { get; init; }

    /// <summary>The template without recipient and variables.</summary>
    public override string ToString() => $"{Name} ({Language})";

    internal MessageBody ToBody()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CallbackData?.Length ?? 0, MaxCallbackData);
        IReadOnlyList<TemplateComponent>? components = BodyParameters.Count == 0
            ? null
            : [new("body", [.. BodyParameters.Select(value => new TemplateParameter("text", value))])];
        return new("whatsapp", To.TrimStart('+'), "template", new(Name, new(Language), components), CallbackData);
    }
}
