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

    /// <summary>A line of such a file that counts kilobytes, in bytes.</summary>
    public static long Value(string[] lines, string name) => Number(lines, name) * 1024;

    public static long Number(string[] lines, string name)
    {
        var line = lines.First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
