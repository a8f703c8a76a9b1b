using System.Text;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Customers;

/// <summary>How the company wants the customers' pages to look: its logo, and a stylesheet with its colours or a link's.</summary>
internal sealed class CompanyLook
{
    /// <summary>Reads the settings, which were checked at the start.</summary>
    public CompanyLook(IOptions<KapsoOptions> options)
    {
        var pages = options.Value.Pages;
        LogoUrl = string.IsNullOrEmpty(pages.LogoUrl) ? null : pages.LogoUrl;
        LogoOrigin = Uri.TryCreate(LogoUrl, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps
            ? url.GetLeftPart(UriPartial.Authority)
            : null;
        if (pages.Colors.IsSet || pages.DarkColors.IsSet)
            Stylesheet = new PageAsset("company.css", PageAssets.Styled, Encoding.UTF8.GetBytes(Write(pages)));
        OfLinks = new LinkLook(PagePalette.Of(pages.Colors, PagePalette.Light), PagePalette.Of(pages.DarkColors, PagePalette.Dark));
    }

    /// <summary>The logo; null for none.</summary>
    public string? LogoUrl { get; }

    /// <summary>Where the logo comes from, if that is not this service.</summary>
    public string? LogoOrigin { get; }

    /// <summary>The colours; null where they stay as they are.</summary>
    public PageAsset? Stylesheet { get; }

    /// <summary>The colours of setup links that have some of their own.</summary>
    public LinkLook OfLinks { get; }

    /// <summary>The address of the stylesheet of a page; null where its colours stay as they are.</summary>
    /// <param name="theme">The colours of the link that the page is about; null where it has none.</param>
    public string? StylesheetOf(LinkTheme? theme) => theme is null ? Stylesheet?.Url : OfLinks.UrlOf(theme);

    private static string Write(PagesOptions pages)
    {
        var css = new StringBuilder();
        if (pages.Colors.IsSet)
            css.Append("@media not (prefers-color-scheme: dark) {\n").Append(PagePalette.Of(pages.Colors, PagePalette.Light).ToRules()).Append("}\n");
        if (pages.DarkColors.IsSet)
            css.Append("@media (prefers-color-scheme: dark) {\n").Append(PagePalette.Of(pages.DarkColors, PagePalette.Dark).ToRules()).Append("}\n");
        return css.ToString();
    }
}
