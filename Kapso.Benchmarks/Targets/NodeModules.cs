using System.ComponentModel;

namespace Kapso.Benchmarks.Targets;

/// <summary>Installs the packages of a Node.js peer, exactly as its lock file says, where they are missing.</summary>
internal static class NodeModules
{
    public static async Task InstallAsync(string folder, CancellationToken cancellation)
    {
        // npm writes this file last: without it an earlier installation was broken off.
        if (File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")))
        {
            return;
        }

        await Console.Error.WriteLineAsync("Installing the packages of the Express peer …");
        try
        {
            await ChildProcess.RunAsync("npm ci", "npm", ["ci", "--omit=dev", "--no-audit", "--no-fund"], folder, cancellation);
        }
        catch (Win32Exception)
        {
            throw new BenchmarkException("The Express peer needs Node.js 20 or later with npm: apt-get install nodejs npm");
        }
    }
}
