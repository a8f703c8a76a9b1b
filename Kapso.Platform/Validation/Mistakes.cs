using System.Globalization;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>The mistakes found in the settings, each with the setting's full name.</summary>
/// <param name="known">What was found already.</param>
internal sealed class Mistakes(params IReadOnlyList<string> known)
{
    private readonly string[] _known = [.. known];
    private readonly List<string> _all = [.. known];

    public bool Any => _all.Count > 0;

    public IReadOnlyList<string> All => _all;

    /// <summary>A figure or a time that is too small or too large.</summary>
    /// <param name="setting">The name below <c>Kapso:</c>.</param>
    /// <param name="value">What is set.</param>
    /// <param name="least">The least that may be set.</param>
    /// <param name="most">The most that may be set.</param>
    public void AddUnlessWithin<T>(string setting, T value, T least, T most)
        where T : IComparable<T>, IFormattable
    {
        if (value.CompareTo(least) < 0)
            Add(setting, Text($"is out of range: {value} is less than {least}, the least that may be set."));
        else if (value.CompareTo(most) > 0)
            Add(setting, Text($"is out of range: {value} is more than {most}, the most that may be set."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="setting">The name below <c>Kapso:</c>.</param>
    /// <param name="what">What is wrong and what to do; a sentence without its subject.</param>
    public void Add(string setting, string what)
    {
        // Of a value that could not be read nothing else is known: it is not missing, for one.
        var name = $"{KapsoOptions.Section}:{setting} ";
        if (!_known.Any(mistake => mistake.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
            _all.Add(name + what);
    }
}
