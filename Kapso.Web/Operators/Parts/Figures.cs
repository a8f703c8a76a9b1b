using System.Globalization;

namespace Kapso.Web.Operators.Parts;

/// <summary>Figures as the pages write them, whatever the culture of the process is.</summary>
internal static class Figures
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <summary>A count, with its thousands apart.</summary>
    public static string Of(long count) => count.ToString("N0", English);

    /// <summary>How long ago something was, in words.</summary>
    public static string Ago(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "less than a minute ago",
        { TotalMinutes: < 2 } => "a minute ago",
        { TotalHours: < 1 } => $"{(int)age.TotalMinutes} minutes ago",
        { TotalHours: < 2 } => "an hour ago",
        _ => $"{Of((long)age.TotalHours)} hours ago",
    };

    /// <summary>A length in a drawing.</summary>
    public static string Svg(double length) => Math.Round(length, 2).ToString(CultureInfo.InvariantCulture);

    /// <summary>A day's name, short.</summary>
    public static string Weekday(DateOnly day) => day.ToString("ddd", English);

    /// <summary>A day, short and without the year.</summary>
    public static string Date(DateOnly day) => day.ToString("d MMM", English);
}
