using System.Globalization;

namespace Kapso.Platform.Settings;

/// <summary>Rules for how the customers' pages look: what is set must be safe to show and easy to read.</summary>
internal static class PageRules
{
    private const int MaxName = 80;

    /// <summary>The least contrast of text with what it stands on (WCAG 2.2, AA).</summary>
    private const double MinContrast = 4.5;

    /// <summary>How much of the text's colour quiet text keeps; the rest is the card's. The stylesheet mixes the same.</summary>
    private const double Quiet = 0.8;

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
            if (value is ['#', _, _, _, _, _, _] && value.Skip(1).All(char.IsAsciiHexDigit))
                continue;
            wrong = true;
            mistakes.Add($"Pages:{setting}:{name}", "is not a colour such as #0b6b43: set all four of Page, Card, Text and Accent, or none.");
        }

        if (wrong)
            return;
        var (card, text) = (Parse(colors.Card!), Parse(colors.Text!));
        CheckContrast(text, card, $"Pages:{setting}:Text", mistakes);
        CheckContrast(Mix(text, card), card, $"Pages:{setting}:Text", mistakes);
        CheckContrast(Parse(colors.Accent!), card, $"Pages:{setting}:Accent", mistakes);
    }

    private static void CheckContrast(double[] color, double[] card, string setting, Mistakes mistakes)
    {
        var contrast = Contrast(color, card);
        if (contrast < MinContrast)
            mistakes.Add(setting, string.Create(
                CultureInfo.InvariantCulture, $"can hardly be read on the card (contrast {contrast:F1}, needed {MinContrast}): set a colour that differs more."));
    }

    private static double[] Parse(string color) =>
        [.. Enumerable.Range(0, 3).Select(part => int.Parse(color.AsSpan(1 + (2 * part), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)];

    private static double[] Mix(double[] text, double[] card) => [.. text.Zip(card, (one, other) => (Quiet * one) + ((1 - Quiet) * other))];

    private static double Contrast(double[] one, double[] other)
    {
        var (lighter, darker) = (Math.Max(Luminance(one), Luminance(other)), Math.Min(Luminance(one), Luminance(other)));
        return (lighter + 0.05) / (darker + 0.05);
    }

    private static double Luminance(double[] color) =>
        (0.2126 * Linear(color[0])) + (0.7152 * Linear(color[1])) + (0.0722 * Linear(color[2]));

    private static double Linear(double part) => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
}
