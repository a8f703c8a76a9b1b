using System.Globalization;

namespace Kapso.Platform.Settings;

/// <summary>How well text can be read on a card: the contrast of WCAG 2.2, from 1 to 21. Colours are <c>#rrggbb</c>.</summary>
public static class PageContrast
{
    /// <summary>The least contrast of text with what it stands on (level AA).</summary>
    public const double Least = 4.5;

    /// <summary>How much of the text's colour quiet text keeps; the rest is the card's. The stylesheet mixes the same.</summary>
    private const double Quiet = 0.8;

    /// <summary>A luminance at which black and white text can be read equally well.</summary>
    private const double Middle = 0.179;

    /// <summary>Whether this is a colour such as <c>#0b6b43</c>.</summary>
    public static bool IsColor(string? text) =>
        text is ['#', _, _, _, _, _, _] && text.Skip(1).All(char.IsAsciiHexDigit);

    /// <summary>The contrast of a colour with the card.</summary>
    public static double Of(string color, string card) => Of(Parse(color), Parse(card));

    /// <summary>The contrast of the quiet form of a text's colour with the card.</summary>
    public static double OfQuiet(string text, string card)
    {
        var behind = Parse(card);
        return Of([.. Parse(text).Zip(behind, (one, other) => (Quiet * one) + ((1 - Quiet) * other))], behind);
    }

    /// <summary>Whether text of this colour can be read on the card, and its quiet form as well.</summary>
    public static bool IsReadable(string text, string card) => Of(text, card) >= Least && OfQuiet(text, card) >= Least;

    /// <summary>Whether light text suits it better than dark text.</summary>
    public static bool IsDark(string card) => Luminance(Parse(card)) < Middle;

    private static double[] Parse(string color) =>
        [.. Enumerable.Range(0, 3).Select(part => int.Parse(color.AsSpan(1 + (2 * part), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)];

    private static double Of(double[] one, double[] other)
    {
        var (lighter, darker) = (Math.Max(Luminance(one), Luminance(other)), Math.Min(Luminance(one), Luminance(other)));
        return (lighter + 0.05) / (darker + 0.05);
    }

    private static double Luminance(double[] color) =>
        (0.2126 * Linear(color[0])) + (0.7152 * Linear(color[1])) + (0.0722 * Linear(color[2]));

    private static double Linear(double part) => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
}
