using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kapso.Connections.Values;

/// <summary>Reads strings of JSON that hold halves of characters (unpaired surrogates), as texts do that somebody has cut.</summary>
public static partial class JsonText
{
    /// <summary>The text without the halves, which stand for nothing. For what people read: of an id it would make another one.</summary>
    /// <param name="quoted">The string as it stands in valid JSON, with its quotes.</param>
    public static string WithoutHalves(string quoted)
    {
        using var whole = JsonDocument.Parse(Escape().Replace(quoted, static escape => escape.Groups["half"].Success ? "" : escape.Value));
        return whole.RootElement.GetString()!;
    }

    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
