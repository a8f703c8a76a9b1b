using System.Diagnostics;

namespace Kapso.AppHost.Redis;

/// <summary>
/// Garnet, a server that speaks Redis' protocol, as a .NET tool: its version is in the repository's tool manifest
/// (<c>.config/dotnet-tools.json</c>), and it comes from the package registry that everything else comes from.
/// </summary>
internal static class GarnetTool
{
    /// <summary>Until a package registry has said its first word. A package that is slow to come has all the time it needs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    /// <summary>What it is for, in a sentence.</summary>
    public const string Purpose = "Garnet is for trying out: docs/deployment.md says why.";

    /// <summary>What <c>dotnet</c> is asked to run, in a folder below which or above which the manifest is.</summary>
    public static IReadOnlyList<string> Command { get; } = ["tool", "run", "garnet-server", "--"];

    /// <summary>
    /// Scripts are transactions, and an answer comes after its write is on the disk: of Garnet's devices, only
    /// <c>FileStream</c> writes through the caches (O_SYNC). What it kept is read again at the start.
    /// </summary>
    /// <param name="folder">Where it keeps its data.</param>
    public static IReadOnlyList<string> ArgumentsFor(string folder) =>
    [
        "--bind", "127.0.0.1", "--checkpointdir", folder, "--recover", "--aof", "--aof-commit-wait", "--device-type", "FileStream",
        "--lua", "--lua-transaction-mode",
    ];

    /// <summary>Fetches the package, where it is not there already.</summary>
    /// <param name="dotnet">The <c>dotnet</c> command.</param>
    /// <param name="folder">A folder of the repository.</param>
    /// <returns>Null; or why not, as a clause.</returns>
    public static async Task<string?> RestoreAsync(string dotnet, string folder)
    {
        var start = new ProcessStartInfo(dotnet, ["tool", "restore", "--verbosity", "detailed"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var restore = Process.Start(start)!;
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lastLine = "";
        restore.OutputDataReceived += (_, line) => Read(line.Data);
        restore.ErrorDataReceived += (_, line) => Read(line.Data);
        restore.BeginOutputReadLine();
        restore.BeginErrorReadLine();

        var end = restore.WaitForExitAsync();
        if (await Task.WhenAny(end, heard.Task, Task.Delay(Patience)) is { } first && first != end && first != heard.Task)
        {
            restore.Kill(entireProcessTree: true);
            return $"no package registry that Garnet could come from answered within {Patience.TotalSeconds} s";
        }

        await end;
        return restore.ExitCode == 0 ? null : $"Garnet could not be restored from a package registry ({lastLine})";

        void Read(string? line)
        {
            if (string.IsNullOrWhiteSpace(line))
                return;
            lastLine = line.Trim();
            if (line.Contains(" OK http", StringComparison.Ordinal))
                heard.TrySetResult();
        }
    }
}
