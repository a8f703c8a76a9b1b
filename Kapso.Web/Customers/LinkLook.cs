using System.Security.Cryptography;
using System.Text;
using Kapso.Platform.Settings;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Customers;

/// <summary>
/// The colours of one setup link on the pages that follow it. They are taken where text stays readable, and else the company's.
/// A link's card and page stand whatever the browser prefers: its setup page does not ask for that either.
/// </summary>
internal sealed class LinkLook(PagePalette light, PagePalette dark)
{
    /// <summary>Where the stylesheet is, which is a function of its address: no link needs to be known for it.</summary>
    public const string Path = "/assets/link.css";

    private const string Forever = "public, max-age=31536000, immutable";

    /// <summary>The address of the stylesheet for a theme, with its version.</summary>
    public string UrlOf(LinkTheme theme)
    {
        var query = new StringBuilder(Path);
        foreach (var (name, color) in Members(theme))
        {
            if (color is not null)
                query.Append(query.Length == Path.Length ? '?' : '&').Append(name).Append('=').Append(color.AsSpan(1));
        }

        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(theme))))[..16];
        return query.Append("&v=").Append(version).ToString();
    }

    /// <summary>Serves the stylesheet of the theme that the address tells.</summary>
    public static IResult Serve(HttpContext context, CompanyLook company)
    {
        var query = context.Request.Query;
        var theme = new LinkTheme { Page = Color("page"), Card = Color("card"), Text = Color("text"), Accent = Color("accent") };
        if (theme == new LinkTheme())
            return TypedResults.NotFound();
        context.Response.Headers.CacheControl = Forever;
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(company.OfLinks.Write(theme)), PageAssets.Styled);

        string? Color(string name) => "#" + query[name] is var color && PageContrast.IsColor(color) ? color.ToLowerInvariant() : null;
    }

    /// <summary>The stylesheet.</summary>
    public string Write(LinkTheme theme)
    {
        if (Standing(theme) is not { } palette)
        {
            return $"@media not (prefers-color-scheme: dark) {{\n{On(theme, light).ToRules()}}}\n"
                + $"@media (prefers-color-scheme: dark) {{\n{On(theme, dark).ToRules()}}}\n";
        }

        var scheme = PageContrast.IsDark(palette.Card) ? "dark" : "light";
        return palette.ToRules()
            + $$"""
            .customer {
              color-scheme: {{scheme}};
              --pending: var(--pending-on-{{scheme}});
              --connected: var(--connected-on-{{scheme}});
              --failed: var(--failed-on-{{scheme}});
            }

            """;
    }

    /// <summary>The theme's card with text that can be read on it; null where the theme has no such thing.</summary>
    private PagePalette? Standing(LinkTheme theme)
    {
        if ((theme.Card ?? theme.Page) is not { } card)
            return null;
        var text = theme.Text
            ?? (PageContrast.Of(light.Text, card) >= PageContrast.Of(dark.Text, card) ? light.Text : dark.Text);
        return PageContrast.IsReadable(text, card)
            ? new PagePalette(theme.Page ?? card, card, text, theme.Accent ?? light.Accent)
            : null;
    }

    /// <summary>The theme's other colours on the company's card.</summary>
    private static PagePalette On(LinkTheme theme, PagePalette company) => company with
    {
        Text = theme.Text is { } text && PageContrast.IsReadable(text, company.Card) ? text : company.Text,
        Accent = theme.Accent ?? company.Accent,
    };

    private static (string Name, string? Color)[] Members(LinkTheme theme) =>
        [("page", theme.Page), ("card", theme.Card), ("text", theme.Text), ("accent", theme.Accent)];
}
