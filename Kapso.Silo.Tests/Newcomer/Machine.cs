namespace Kapso.Silo.Tests.Newcomer;

/// <summary>
/// A machine as a newcomer has it: nothing in the home folder, no container runtime, and of the stores on the path at most
/// one. What the application writes goes into a folder of the test's own.
/// </summary>
internal sealed class Machine : IDisposable
{
    private static readonly string[] Left = ["docker", "podman", "redis-server", "valkey-server"];

    private readonly TemporaryFolder _folder = new();

    /// <summary>Prepares it.</summary>
    /// <param name="store">The program for the store that is on the path; null for none.</param>
    public Machine(string? store = null)
    {
        Home = Directory.CreateDirectory(Path.Combine(_folder.Path, "home")).FullName;
        var programs = Directory.CreateDirectory(Path.Combine(_folder.Path, "bin")).FullName;
        foreach (var program in Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Where(Directory.Exists).SelectMany(Directory.EnumerateFiles))
        {
            var link = Path.Combine(programs, Path.GetFileName(program));
            if (!File.Exists(link) && (Path.GetFileName(program) == store || !Left.Contains(Path.GetFileName(program))))
                File.CreateSymbolicLink(link, program);
        }

        Variables = new Dictionary<string, string>
        {
            ["HOME"] = Home,
            ["PATH"] = programs,
            ["Redis__Folder"] = Path.Combine(_folder.Path, "store"),
            ["Platform__File"] = Path.Combine(_folder.Path, "simulator.json"),

            // What is restored once need not be restored again.
            ["NUGET_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        };
    }

    /// <summary>The home folder; all that runs here has it in its environment.</summary>
    public string Home { get; }

    /// <summary>The environment of what is started here.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = FindRepository();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kapso.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has Kapso.sln.");
        return folder.FullName;
    }
}
