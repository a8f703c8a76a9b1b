using System.Globalization;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Rules for how the customers' pages look: what is set must be safe to show and easy to read.</summary>
internal static class PageRules
{
    private const int MaxName = 80;

    public static void Check(PagesOptions pages, Mistakes mistakes)
    {
        if (pages.CompanyName is { } name && (string.IsNullOrWhiteSpace(name) || name.Length > MaxName || name.Any(char.IsControl)))
            mistakes.Add("Pages:CompanyName", $"has to have 1 to {MaxName} characters, none of them a control character.");
        if (pages.LogoUrl is { } logo && !IsLogo(logo))
            mistakes.Add("Pages:LogoUrl", "is neither an https URL (https://app.example.com/logo.svg) nor a path on this host (/brand/logo.svg).");
        Check(pages.Colors, "Colors", mistakes);
        Check(pages.DarkColors, "DarkColors", mistakes);
    }

    private static bool IsLogo(string logo) =>
        !logo.AsSpan().ContainsAnyExceptInRange('!', '~') && logo.AsSpan().IndexOfAny("\\\"';,") < 0
        && (logo.StartsWith('/')
            ? !logo.StartsWith("//", StringComparison.Ordinal)
            : Uri.TryCreate(logo, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0);

    private static void Check(PageColors colors, string setting, Mistakes mistakes)
    {
        if (!colors.IsSet)
            return;
        var wrong = false;
        foreach (var (name, value) in ((string, string?)[])[("Page", colors.Page), ("Card", colors.Card), ("Text", colors.Text), ("Accent", colors.Accent)])
        {
            if (PageContrast.IsColor(value))
                continue;
            wrong = true;
            mistakes.Add($"Pages:{setting}:{name}", "is not a colour such as #0b6b43: set all four of Page, Card, Text and Accent, or none.");
        }

        if (wrong)
            return;
        var card = colors.Card!;
        Check(PageContrast.Of(colors.Text!, card), $"Pages:{setting}:Text", mistakes);
        Check(PageContrast.OfQuiet(colors.Text!, card), $"Pages:{setting}:Text", mistakes);
        Check(PageContrast.Of(colors.Accent!, card), $"Pages:{setting}:Accent", mistakes);
    }

    private static void Check(double contrast, string setting, Mistakes mistakes)
    {
        if (contrast < PageContrast.Least)
            mistakes.Add(setting, string.Create(
                CultureInfo.InvariantCulture,
                $"can hardly be read on the card (contrast {contrast:F1}, needed {PageContrast.Least}): set a colour that differs more."));
    }
}
