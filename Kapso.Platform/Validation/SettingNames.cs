using System.Reflection;
using System.Text.RegularExpressions;
using Kapso.Platform.Settings;

namespace Kapso.Platform.Validation;

/// <summary>The names of all settings, as <see cref="KapsoOptions"/> has them.</summary>
internal static partial class SettingNames
{
    private static readonly string[] All = [.. Below(typeof(KapsoOptions), KapsoOptions.Section)];

    /// <summary>What a group of settings is filled from.</summary>
    public static PropertyInfo[] PropertiesOf(Type group) =>
        [.. group.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite || property.PropertyType.IsGenericType)];

    /// <summary>The setting whose name is nearest to one that is not known: the same last part counts for more than where it stands.</summary>
    public static string Nearest(string path)
    {
        var sought = Place().Replace(path, ":0");
        var nearest = All.MinBy(name => IsSame(LastOf(name), LastOf(sought)) ? Math.Min(2, Distance(name, sought)) : Distance(name, sought))!;

        // A place in a list is the one that was written.
        return Place().Matches(path) is [var place, ..] ? new Regex(":0(?=:|$)").Replace(nearest, place.Value, 1) : nearest;
    }

    private static IEnumerable<string> Below(Type group, string path)
    {
        foreach (var property in PropertiesOf(group))
        {
            var (name, type) = ($"{path}:{property.Name}", property.PropertyType);
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
                (name, type) = (name + ":0", type.GetGenericArguments()[0]);
            if (!type.IsClass || type.Namespace != group.Namespace)
            {
                yield return name;
                continue;
            }

            foreach (var inner in Below(type, name))
                yield return inner;
        }
    }

    private static string LastOf(string name) => name[(name.LastIndexOf(':') + 1)..];

    private static bool IsSame(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>How many letters have to be added, taken away or changed, whatever their case.</summary>
    private static int Distance(string from, string to)
    {
        (from, to) = (from.ToUpperInvariant(), to.ToUpperInvariant());
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var above = row[j];
                row[j] = from[i - 1] == to[j - 1] ? diagonal : 1 + Math.Min(diagonal, Math.Min(above, row[j - 1]));
                diagonal = above;
            }
        }

        return row[^1];
    }

    [GeneratedRegex(":[0-9]+(?=:|$)")]
    private static partial Regex Place();
}
