using System.Text.Json.Serialization;

namespace Kapso.Connections.Links;

/// <summary>
/// The colours that a setup link was made with, as far as our pages have a use for them. Each is <c>#rrggbb</c>, or null where
/// the link's theme says nothing of it.
/// </summary>
public sealed record LinkTheme
{
    /// <summary>Behind the card: the theme's <c>background_color</c>.</summary>
    [JsonPropertyName("b")]
    public string? Page { get; init; }

    /// <summary>The card: <c>card_color</c>.</summary>
    [JsonPropertyName("c")]
    public string? Card { get; init; }

    /// <summary>Text on the card: <c>text_color</c>.</summary>
    [JsonPropertyName("t")]
    public string? Text { get; init; }

    /// <summary>The company's colour: <c>primary_color</c>.</summary>
    [JsonPropertyName("a")]
    public string? Accent { get; init; }
}
