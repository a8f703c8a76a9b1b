using Kapso.Platform.Settings;

namespace Kapso.Web.Customers;

/// <summary>The colours of a customer's page, each as <c>#rrggbb</c>.</summary>
/// <param name="Page">Behind the card.</param>
/// <param name="Card">The card.</param>
/// <param name="Text">Text on the card.</param>
/// <param name="Accent">The company's colour; null where it has none.</param>
internal sealed record PagePalette(string Page, string Card, string Text, string? Accent)
{
    /// <summary>The stylesheet's own, light.</summary>
    public static readonly PagePalette Light = new("#f3f5f4", "#ffffff", "#17211c", null);

    /// <summary>The stylesheet's own, dark.</summary>
    public static readonly PagePalette Dark = new("#101512", "#19211d", "#e9efeb", null);

    /// <summary>The settings' colours where they are set, else others.</summary>
    public static PagePalette Of(PageColors colors, PagePalette others) =>
        colors.IsSet ? new(colors.Page!, colors.Card!, colors.Text!, colors.Accent) : others;

    /// <summary>The rules that colour a page so. The company's name has its colour only where that can be read on the card.</summary>
    public string ToRules()
    {
        var rules =
            $$"""
            .customer {
              --page: {{Page}};
              --card: {{Card}};
              --text: {{Text}};
              --quiet: color-mix(in srgb, {{Text}} 80%, {{Card}});
              --line: color-mix(in srgb, {{Text}} 18%, {{Card}});
            }

            """;
        if (Accent is null)
            return rules;
        rules += $".customer .card {{ border-top: 0.25rem solid {Accent}; }}\n";
        return PageContrast.Of(Accent, Card) >= PageContrast.Least ? rules + $".customer .company {{ color: {Accent}; }}\n" : rules;
    }
}
