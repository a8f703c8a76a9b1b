using System.Globalization;

namespace Kapso.Benchmarks.Targets;

/// <summary>Resident memory of a process, from <c>/proc</c>.</summary>
/// <param name="Peak">The most there ever was, in bytes (VmHWM).</param>
/// <param name="Current">What there is now, in bytes (VmRSS).</param>
internal readonly record struct ProcessMemory(long Peak, long Current)
{
    public static ProcessMemory operator +(ProcessMemory one, ProcessMemory other) =>
        new(one.Peak + other.Peak, one.Current + other.Current);

    public static ProcessMemory Read(int process)
    {
        var lines = File.ReadAllLines($"/proc/{process}/status");
        return new ProcessMemory(Value(lines, "VmHWM:"), Value(lines, "VmRSS:"));
    }

    /// <summary>
    /// What a process and its children hold now, in bytes; memory that they share counts once (PSS). Zero where the
    /// kernel does not let us read it.
    /// </summary>
    public static long ReadFamily(int process)
    {
        long total = 0;
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), out var id)
                    && (id == process || Number(File.ReadAllLines($"{folder}/status"), "PPid:") == process))
                {
                    total += Value(File.ReadAllLines($"{folder}/smaps_rollup"), "Pss:");
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // It ended while we looked, or belongs to somebody else.
            }
        }

        return total;
    }

    private static long Value(string[] lines, string name) => Number(lines, name) * 1024;

    private static long Number(string[] lines, string name)
    {
        var line = lines.First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
