using System.Diagnostics;
using System.Globalization;

namespace Kapso.Silo.Tests.Newcomer;

/// <summary>A process of this machine: its id is given again once it has ended, but not at the same time.</summary>
/// <param name="Id">The process's id.</param>
/// <param name="Started">When it started, in the kernel's ticks since the machine did.</param>
/// <param name="Command">Its command line.</param>
internal sealed record RunningProcess(int Id, ulong Started, string Command);

/// <summary>The processes of this machine, from Linux' <c>/proc</c>.</summary>
internal static class ProcessList
{
    /// <summary>Those that were started in a home folder, and their children: some write over what their environment was.</summary>
    public static IReadOnlyList<RunningProcess> In(string home)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Parent: Read(id)?.Parent ?? 0))
            .ToArray();
        var found = all.Where(process => Text(process.Id, "environ").Contains($"HOME={home}", StringComparison.Ordinal))
            .Select(process => process.Id)
            .ToHashSet();
        for (var before = 0; before < found.Count;)
        {
            before = found.Count;
            found.UnionWith(all.Where(process => found.Contains(process.Parent)).Select(process => process.Id).ToArray());
        }

        return [.. found.Select(Find).OfType<RunningProcess>()];
    }

    /// <summary>Whether it still runs.</summary>
    public static bool IsAlive(RunningProcess process) => Read(process.Id) is { State: not 'Z' } now && now.Started == process.Started;

    /// <summary>Has a process and all of its terminal's group hear Ctrl+C.</summary>
    /// <param name="group">The id of the process that leads the group.</param>
    public static void Interrupt(int group)
    {
        using var kill = Process.Start("kill", ["-INT", "--", (-group).ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static RunningProcess? Find(int id) =>
        Read(id) is { State: not 'Z' } process ? new(id, process.Started, Text(id, "cmdline").Replace('\0', ' ').Trim()) : null;

    /// <summary>State, parent and start; they stand behind the name, which is in parentheses and may hold any character.</summary>
    private static (char State, int Parent, ulong Started)? Read(int id)
    {
        var line = Text(id, "stat");
        if (line.Length == 0)
            return null;
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture), ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    private static string Text(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended, or is another user's.
        }
    }
}
