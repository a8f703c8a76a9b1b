using System.Text.RegularExpressions;

namespace Kapso.Silo.Tests.Newcomer;

/// <summary>The commands that the README prints, as they are pasted into a shell.</summary>
internal static partial class Readme
{
    private const string Prompt = "    $ ";
    private const string Indent = "    ";

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Machine.Repository, "README.md"));

    /// <summary>The lines that set <c>WEBHOOK_SECRET</c> and <c>MANAGEMENT_KEY</c>.</summary>
    public static string Secrets { get; } =
        string.Concat(Lines.Where(line => Setting().IsMatch(line)).Select(line => line[Indent.Length..] + "\n"));

    /// <summary>What stands behind a prompt below a heading, in blocks as they stand there.</summary>
    public static IReadOnlyList<string> Below(string heading)
    {
        var blocks = new List<string>();
        var block = "";
        var goesOn = false;
        foreach (var line in Lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith('#')))
        {
            if (line.StartsWith(Prompt, StringComparison.Ordinal))
                block += line[Prompt.Length..] + "\n";
            else if (goesOn)
                block += line[Indent.Length..] + "\n";
            else if (line.Length == 0 && block.Length > 0)
            {
                blocks.Add(block);
                block = "";
            }

            goesOn = block.Length > 0 && line.EndsWith('\\');
        }

        return blocks;
    }

    [GeneratedRegex(@"^    (WEBHOOK_SECRET|MANAGEMENT_KEY)=\$")]
    private static partial Regex Setting();
}
