namespace Kapso.Benchmarks.Targets;

/// <summary>Publishes hosts of the service from the checkout, as they are deployed.</summary>
internal static class Publishing
{
    /// <summary>Publishes a project and returns its assembly.</summary>
    /// <exception cref="BenchmarkException">It could not be built.</exception>
    public static async Task<string> PublishAsync(Workspace workspace, string project, CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync($"Publishing {project} …");
        var folder = workspace.NewFolder(project);
        await ChildProcess.RunAsync(
            "dotnet publish",
            "dotnet",
            ["publish", project, "-c", "Release", "-o", folder, "-nodereuse:false", "-p:UseSharedCompilation=false", "-v", "quiet"],
            workspace.Checkout,
            cancellation);
        return Path.Combine(folder, $"{project}.dll");
    }
}
