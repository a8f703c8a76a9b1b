namespace Kapso.Testing.Processes;

/// <summary>Scripts for Node.js in a folder of their own, with the npm packages that their <c>package.json</c> names.</summary>
internal sealed class NpmFolder : IDisposable
{
    /// <summary>Set to <c>required</c> where a machine without npm or its registry is a failure, and the tests are not left out.</summary>
    private const string Variable = "KAPSO_NPM_TESTS";

    private readonly TemporaryFolder _folder = new();

    private NpmFolder()
    {
    }

    /// <summary>Copies the scripts and installs their packages. Where that cannot be done the test is left out, with the reason.</summary>
    /// <param name="scripts">The folder that has them, from the repository's.</param>
    public static async Task<NpmFolder> InstallAsync(string scripts)
    {
        var required = Environment.GetEnvironmentVariable(Variable) == "required";
        Assert.SkipUnless(required || IsOnPath("npm"), "Needs Node.js with npm, and there is none on this machine.");
        var made = new NpmFolder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Folder, scripts)))
            File.Copy(file, made.PathOf(Path.GetFileName(file)));
        var (exitCode, output) = await made.RunAsync("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts");
        if (exitCode != 0)
            made.Dispose();
        Assert.SkipUnless(required || exitCode == 0, $"npm could not install what {scripts} needs: {output}");
        Assert.True(exitCode == 0, output);
        return made;
    }

    /// <summary>Where a file of the folder is, or would be.</summary>
    public string PathOf(string file) => Path.Combine(_folder.Path, file);

    /// <summary>Runs a program in the folder.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments) =>
        Command.RunAsync(program, arguments, _folder.Path);

    public void Dispose() => _folder.Dispose();

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
