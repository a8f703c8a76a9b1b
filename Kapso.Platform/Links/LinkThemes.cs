using System.Text.Json;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Links;

/// <summary>Reads of a setup link's <c>theme_config</c> what our own pages have a use for: four of its twelve colours.</summary>
internal static class LinkThemes
{
    /// <summary>The colours, or null where the theme has none of them. What is no <c>#rrggbb</c> is the platform's to refuse.</summary>
    public static LinkTheme? Read(JsonElement? config)
    {
        if (config is not { ValueKind: JsonValueKind.Object } theme)
            return null;
        var read = new LinkTheme
        {
            Page = Color(theme, "background_color"),
            Card = Color(theme, "card_color"),
            Text = Color(theme, "text_color"),
            Accent = Color(theme, "primary_color"),
        };
        return read == new LinkTheme() ? null : read;
    }

    private static string? Color(JsonElement theme, string member) =>
        theme.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { } color && PageContrast.IsColor(color)
            ? color.ToLowerInvariant()
            : null;
}
