using System.Text;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Pages;

/// <summary>How the company wants the customers' pages to look: its logo, and a stylesheet with its colours.</summary>
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
    }

    /// <summary>The logo; null for none.</summary>
    public string? LogoUrl { get; }

    /// <summary>Where the logo comes from, if that is not this service.</summary>
    public string? LogoOrigin { get; }

    /// <summary>The colours; null where they stay as they are.</summary>
    public PageAsset? Stylesheet { get; }

    private static string Write(PagesOptions pages)
    {
        var css = new StringBuilder();
        if (pages.Colors.IsSet)
            css.Append("@media not (prefers-color-scheme: dark) {\n").Append(Rule(pages.Colors)).Append("}\n");
        if (pages.DarkColors.IsSet)
            css.Append("@media (prefers-color-scheme: dark) {\n").Append(Rule(pages.DarkColors)).Append("}\n");
        return css.ToString();
    }

    private static string Rule(PageColors colors) =>
        $$"""
            .customer {
              --page: {{colors.Page}};
              --card: {{colors.Card}};
              --text: {{colors.Text}};
              --quiet: color-mix(in srgb, {{colors.Text}} 80%, {{colors.Card}});
              --line: color-mix(in srgb, {{colors.Text}} 18%, {{colors.Card}});
              --accent: {{colors.Accent}};
            }
            .customer .card { border-top: 0.25rem solid var(--accent); }
            .customer .company { color: var(--accent); }

        """;
}
