using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Configuration;

namespace Kapso.Platform.Validation;

/// <summary>
/// What the configuration holds below a section, compared with the options that are filled from it. The framework's own binder stops at
/// the first value that it cannot read, and passes over names that it does not know: here each is told, and the rest is read.
/// </summary>
public sealed class SettingsReading
{
    private const int MaxShown = 64;

    private readonly List<string> _mistakes = [];
    private readonly Dictionary<string, string?> _readable = new(StringComparer.OrdinalIgnoreCase);

    private SettingsReading()
    {
    }

    /// <summary>What is wrong: sentences that name the setting, what it holds where that is no secret, and what is accepted.</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>Whether a list of groups leaves out a place: the places in it are others than those in the options.</summary>
    public bool LeavesOut { get; private set; }

    /// <summary>Reads the section <see cref="KapsoOptions.Section"/>.</summary>
    public static SettingsReading Of(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var reading = new SettingsReading();
        reading.ReadGroup(configuration.GetSection(KapsoOptions.Section), typeof(KapsoOptions));
        return reading;
    }

    /// <summary>Fills options from what can be read. A value that is set to nothing is not set: not every tool can unset a variable.</summary>
    public void Fill(KapsoOptions options) =>
        new ConfigurationBuilder().AddInMemoryCollection(_readable).Build().GetSection(KapsoOptions.Section).Bind(options);

    private void Read(IConfigurationSection section, Type type)
    {
        if (ElementOf(type) is { } element)
            ReadList(section, element);
        else if (IsGroup(type))
            ReadGroup(section, type);
        else
            ReadValue(section, Nullable.GetUnderlyingType(type) ?? type);
    }

    private void ReadGroup(IConfigurationSection section, Type type)
    {
        if (section.Value is { Length: > 0 } && type != typeof(KapsoOptions))
            Add(section.Path, $"is a group of settings and has no value of its own: set, for example, {section.Path}:{PropertiesOf(type)[0].Name}.");
        foreach (var child in section.GetChildren())
        {
            if (Array.Find(PropertiesOf(type), property => Is(property.Name, child.Key)) is { } property)
                Read(child, property.PropertyType);
            else
                Add(child.Path, $"is not a setting: the nearest that is one is {SettingNames.Nearest(child.Path)}.");
        }
    }

    private void ReadList(IConfigurationSection section, Type element)
    {
        if (section.Value is { Length: > 0 })
            Add(section.Path, $"is a list and has no value of its own: set {section.Path}:0.");
        var places = new List<int>();
        foreach (var child in section.GetChildren())
        {
            if (int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var place))
            {
                places.Add(place);
                Read(child, element);
            }
            else
            {
                Add(child.Path, $"is no place in a list: number them {section.Path}:0, {section.Path}:1 and so on.");
            }
        }

        // A list of plain values may have lost one, as that of secrets after a rotation; a group is named by its place.
        if (!IsGroup(element) || places.Count == 0 || places.Max() == places.Count - 1)
            return;
        LeavesOut = true;
        var missing = Enumerable.Range(0, places.Count).Except(places).First();
        Add(Text($"{section.Path}:{missing}"), Text($"is left out, and {section.Path}:{places.Max()} is set: number them from 0 without a gap."));
    }

    private void ReadValue(IConfigurationSection section, Type type)
    {
        foreach (var child in section.GetChildren())
            Add(child.Path, $"is not a setting: {section.Path} has one value.");
        if (section.Value is not { } value || (value.Length == 0 && type != typeof(string)))
            return;
        if (Objection(section.Path, value, type) is { } objection)
            Add(section.Path, $"is '{Shown(value)}', {objection}");
        else
            _readable[section.Path] = value;
    }

    private static string? Objection(string path, string value, Type type)
    {
        if (type == typeof(string))
            return null;
        if (type == typeof(Uri))
            return Uri.TryCreate(value, UriKind.RelativeOrAbsolute, out _) ? null : "which is no URL: set one that begins with https:// and a host.";
        if (type.IsEnum)
            return Enum.GetNames(type).Contains(value.Trim(), StringComparer.OrdinalIgnoreCase) ? null : $"which is none of its words: set {WordsOf(type)}.";
        if (type == typeof(TimeSpan) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var figure) && figure is > 0 and < 100_000)
            return Text($"which says no unit: set {TimeSpan.FromSeconds(figure)} for seconds, {TimeSpan.FromMinutes(figure)} for minutes or {TimeSpan.FromDays(figure)} for days.");
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
            return null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
        {
            return $"which cannot be read: set {FormOf(type, path)}.";
        }
    }

    private static string FormOf(Type type, string path) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a time as days.hours:minutes:seconds, for example 00:00:30, or 7.00:00:00 for a week"
        : type == typeof(DateTimeOffset) ? "a time, for example 2026-01-31T00:00:00Z"
        : type == typeof(int) ? "a whole number in digits, for example 100"
        : throw new NotSupportedException($"{path} is of type {type.Name}, which no setting has.");

    private static string WordsOf(Type type)
    {
        var words = Array.ConvertAll(Enum.GetNames(type), word => word.ToLowerInvariant());
        return $"{string.Join(", ", words[..^1])} or {words[^1]}";
    }

    /// <summary>A value as far as it can be shown on one line. An address can carry a secret: what is before its host, and its query.</summary>
    internal static string Shown(string value)
    {
        if (value.AsSpan().ContainsAny('@', '?'))
            return "…";
        var line = string.Concat(value.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));
        return line.Length > MaxShown ? line[..MaxShown] + "…" : line;
    }

    private static bool IsGroup(Type type) => type.IsClass && type.Namespace == typeof(KapsoOptions).Namespace;

    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>) ? type.GetGenericArguments()[0] : null;

    private static PropertyInfo[] PropertiesOf(Type type) => SettingNames.PropertiesOf(type);

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Add(string path, string what) => _mistakes.Add($"{path} {what}");
}
