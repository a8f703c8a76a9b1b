namespace Kapso.Benchmarks.Targets;

/// <summary>The checkout that the benchmark runs from, and a temporary folder for the stores, removed at the end.</summary>
internal sealed class Workspace : IDisposable
{
    private int folders;

    /// <exception cref="BenchmarkException">The benchmark does not run from a checkout.</exception>
    public Workspace(string? under)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Kapso.sln")))
        {
            folder = folder.Parent;
        }

        Checkout = folder?.FullName
            ?? throw new BenchmarkException("Run the benchmark from a checkout: no folder above it holds Kapso.sln.");
        Root = Path.Combine(Path.GetFullPath(under ?? Path.GetTempPath()), $"kapso-benchmarks-{Environment.ProcessId}");
        Directory.CreateDirectory(Root);
    }

    /// <summary>Where Kapso.sln is.</summary>
    public string Checkout { get; }

    /// <summary>The temporary folder of this run.</summary>
    public string Root { get; }

    /// <summary>The file system that the stores are on; a store in memory proves nothing about durability.</summary>
    public string FileSystem => DriveInfo.GetDrives()
        .Where(drive => Root.StartsWith(drive.Name, StringComparison.Ordinal))
        .MaxBy(drive => drive.Name.Length)?.DriveFormat ?? "unknown";

    /// <summary>A new, empty folder.</summary>
    public string NewFolder(string name) =>
        Directory.CreateDirectory(Path.Combine(Root, $"{name}-{++folders}")).FullName;

    /// <summary>Publishes a program from the checkout, as it is deployed, and returns its assembly.</summary>
    /// <param name="project">What its project and its assembly are called.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="folder">Where the project lies in the checkout, if not in a folder of its name.</param>
    /// <exception cref="BenchmarkException">It could not be built.</exception>
    public async Task<string> PublishAsync(string project, CancellationToken cancellation, string? folder = null)
    {
        await Console.Error.WriteLineAsync($"Publishing {project} …");
        var output = NewFolder(project);
        string[] arguments =
            ["publish", folder ?? project, "-c", "Release", "-o", output, "-nodereuse:false", "-p:UseSharedCompilation=false", "-v", "quiet"];
        await ChildProcess.RunAsync("dotnet publish", "dotnet", arguments, Checkout, cancellation);
        return Path.Combine(output, $"{project}.dll");
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException exception)
        {
            Console.Error.WriteLine($"Could not remove {Root}: {exception.Message}");
        }
    }
}
