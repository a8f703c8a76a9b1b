using System.Globalization;
using System.Runtime.InteropServices;

namespace Kapso.Benchmarks.Comparing;

/// <summary>Names the machine that was measured on, from what it says of itself.</summary>
internal static class Machine
{
    public static async Task<string> DescribeAsync(TargetFactory factory, CancellationToken cancellation)
    {
        var memory = long.Parse(
            Field("/proc/meminfo", "MemTotal:", "0 kB").Replace(" kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var parts = new List<string>
        {
            Field("/proc/cpuinfo", "model name\t:", RuntimeInformation.ProcessArchitecture.ToString()),
            $"{Environment.ProcessorCount} cores",
            $"{memory / 1048576.0:N1} GiB RAM",
            $"stores on {factory.Workspace.FileSystem}",
            $"{Field("/etc/os-release", "PRETTY_NAME=", "Linux").Trim('"')} (Linux {Environment.OSVersion.Version.ToString(3)})",
            RuntimeInformation.FrameworkDescription,
        };
        if (factory.PostgresVersion is { } postgres)
        {
            parts.Add($"PostgreSQL {postgres}");
        }

        if (factory.StartedExpress)
        {
            parts.Add($"Node.js {await ChildProcess.RunAsync("node", "node", ["--version"], null, cancellation)}");
        }

        return string.Join(", ", parts);
    }

    private static string Field(string file, string name, string otherwise) =>
        File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim() ?? otherwise
            : otherwise;
}
