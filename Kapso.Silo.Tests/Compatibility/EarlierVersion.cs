using System.IO.Compression;
using Kapso.Silo.Tests.Newcomer;
using Kapso.Silo.Tests.Processes;

namespace Kapso.Silo.Tests.Compatibility;

/// <summary>The hosts of one version.</summary>
/// <param name="Find">The path of a host's assembly, by its name.</param>
internal sealed record Hosts(Func<string, string> Find)
{
    /// <summary>Those that stand beside the tests.</summary>
    public static Hosts Today { get; } = new(host => Path.Combine(AppContext.BaseDirectory, host + ".dll"));

    public string Silo => Find("Kapso.Silo");

    public string Api => Find("Kapso.Api");

    public string Embedded => Find("Kapso.Embedded");

    /// <summary>A silo and an API.</summary>
    public ServicePrograms Cluster => new([Silo], [Api]);
}

/// <summary>The earlier version, built once for all tests in a folder that none of the checkout's settings reach.</summary>
public sealed class EarlierVersion : IAsyncLifetime
{
    private const string Wanted =
        """{"solution":{"path":"Kapso.sln","projects":["Kapso.Api/Kapso.Api.csproj","Kapso.Embedded/Kapso.Embedded.csproj","Kapso.Silo/Kapso.Silo.csproj"]}}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kapso-earlier-");

    internal Hosts Hosts => new(host => Path.Combine(_folder.FullName, host, "bin", "Release", "net10.0", host + ".dll"));

    public async ValueTask InitializeAsync()
    {
        if (History.LeftOut is not null)
            return;
        if (History.Missing is { } missing)
            throw new InvalidOperationException($"{missing} It is asked for, since {History.Variable} is 'required'.");

        var archive = Path.Combine(_folder.FullName, "source.zip");
        await RunAsync("git", ["archive", "--format=zip", $"--output={archive}", History.Commit], Machine.Repository);
        await ZipFile.ExtractToDirectoryAsync(archive, _folder.FullName);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Hosts.slnf"), Wanted);

        // What it looked like to an analyzer was settled then, and what is known against its packages is no matter of a test.
        await RunAsync(
            "dotnet",
            [
                "build", "Hosts.slnf", "--configuration", "Release", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:GenerateDocumentationFile=false",
                "-p:NuGetAudit=false",
            ],
            _folder.FullName,
            new() { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1" });
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task RunAsync(string program, string[] arguments, string folder, Dictionary<string, string>? variables = null)
    {
        var (exitCode, output) = await Command.RunAsync(program, arguments, folder, variables);
        if (exitCode != 0)
            throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' in {folder} ended with {exitCode}:\n{output}");
    }
}

/// <summary>The tests that share one build of the earlier version.</summary>
[CollectionDefinition(Name)]
public sealed class WithEarlierVersion : ICollectionFixture<EarlierVersion>
{
    public const string Name = "with an earlier version";
}
