using System.Globalization;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>Rules for how the customers' pages look: what is set must be safe to show and easy to read.</summary>
internal static class PageRules
{
    private const int MaxName = 80;

    public static void Check(PagesOptions pages, Mistakes mistakes)
    {
        if (pages.CompanyName is { } name && NameObjection(name) is { } unnamed)
            mistakes.Add("Pages:CompanyName", unnamed);
        if (pages.LogoUrl is { } logo && LogoObjection(logo) is { } objection)
            mistakes.Add("Pages:LogoUrl", $"{objection}: set an https URL (https://app.example.com/logo.svg) or a path on this host (/brand/logo.svg).");
        Check(pages.Colors, "Colors", mistakes);
        Check(pages.DarkColors, "DarkColors", mistakes);
    }

    private static string? NameObjection(string name) =>
        string.IsNullOrWhiteSpace(name) ? "is empty: set a name, or remove the setting."
        : name.Length > MaxName ? string.Create(CultureInfo.InvariantCulture, $"is too long: {name.Length} characters, and at most {MaxName} fit.")
        : name.Any(char.IsControl) ? "has a control character, such as a line end, inside."
        : null;

    private static string? LogoObjection(string logo)
    {
        if (logo.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return "has a blank or a character that is not ASCII";
        if (logo.AsSpan().IndexOfAny("\\\"';,") >= 0)
            return "has a backslash, a quotation mark, a semicolon or a comma, which a header cannot carry";
        if (logo.StartsWith("//", StringComparison.Ordinal))
            return "names another host without a scheme";
        if (logo.StartsWith('/'))
            return null;
        if (!Uri.TryCreate(logo, UriKind.Absolute, out var url))
            return "is neither an absolute URL nor a path that begins with /";
        return url.Scheme != Uri.UriSchemeHttps ? "has another scheme than https"
            : url.UserInfo.Length > 0 ? "has user info"
            : null;
    }

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
