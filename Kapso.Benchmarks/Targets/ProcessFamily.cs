using System.Globalization;

namespace Kapso.Benchmarks.Targets;

/// <summary>A process and its children, from <c>/proc</c>.</summary>
internal static class ProcessFamily
{
    /// <summary>In hundredths of a second on every machine: what the kernel tells programs is not in its own ticks.</summary>
    private const long TicksOfClock = TimeSpan.TicksPerSecond / 100;

    /// <summary>What they hold now, in bytes; memory that they share counts once (PSS). Zero where the kernel does not let us read it.</summary>
    public static long ReadMemory(int process) => Sum(process, id => ProcessMemory.Value(File.ReadAllLines($"/proc/{id}/smaps_rollup"), "Pss:"));

    /// <summary>Processor time that they took so far, that of children that ended included.</summary>
    public static TimeSpan ReadProcessorTime(int process) => TimeSpan.FromTicks(Sum(process, id =>
    {
        // utime, stime, cutime, cstime: fields 14 to 17. The second is the program's name in brackets, and may hold blanks.
        var line = File.ReadAllText($"/proc/{id}/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) * TicksOfClock;
    }));

    private static long Sum(int process, Func<int, long> read)
    {
        long total = 0;
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), out var id)
                    && (id == process || ProcessMemory.Number(File.ReadAllLines($"{folder}/status"), "PPid:") == process))
                {
                    total += read(id);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // It ended while we looked, or belongs to somebody else.
            }
        }

        return total;
    }
}
