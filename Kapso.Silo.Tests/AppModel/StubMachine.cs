using Kapso.AppHost.Redis;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>A machine on which only those commands are installed that a test installs, with a folder for Redis' data.</summary>
internal sealed class StubMachine : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("kapso-machine-");

    /// <summary>The value of PATH.</summary>
    public string Path => _root.CreateSubdirectory("bin").FullName;

    /// <summary>A home of nobody, whose package registry has nothing.</summary>
    public string Home => _root.CreateSubdirectory("home").FullName;

    /// <summary>Where data and choice are kept.</summary>
    public string Folder => _root.CreateSubdirectory("data").FullName;

    /// <summary>What is kept as the choice; null if nothing is.</summary>
    public string? Remembered => File.Exists(ChoiceFile) ? File.ReadAllText(ChoiceFile).Trim() : null;

    private string ChoiceFile => System.IO.Path.Combine(Folder, "choice");

    /// <summary>The full path of a command of the real machine.</summary>
    public static string Real(string command) =>
        new SearchPath(Environment.GetEnvironmentVariable("PATH")).Find(command) ?? throw new InvalidOperationException($"Install {command}.");

    /// <summary>Installs a shell script; one that succeeds, if none is given.</summary>
    public StubMachine Install(string command, string script = "exit 0")
    {
        var file = System.IO.Path.Combine(Path, command);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    /// <summary>Takes a command away again.</summary>
    public void Uninstall(string command) => File.Delete(System.IO.Path.Combine(Path, command));

    /// <summary>Keeps a choice, as an earlier run does.</summary>
    public void Remember(string choice) => File.WriteAllText(ChoiceFile, choice + "\n");

    /// <summary>Has packages come from one address only, which may have none.</summary>
    public void FetchPackagesFrom(string source)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Home, ".nuget", "NuGet")).FullName;
        File.WriteAllText(
            System.IO.Path.Combine(folder, "NuGet.Config"),
            $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="only" value="{source}" allowInsecureConnections="true" />
              </packageSources>
            </configuration>
            """);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
