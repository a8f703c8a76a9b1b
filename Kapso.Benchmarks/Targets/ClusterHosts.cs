namespace Kapso.Benchmarks.Targets;

/// <summary>The assemblies of the distributed service.</summary>
/// <param name="Silo">Kapso.Silo.dll.</param>
/// <param name="Api">Kapso.Api.dll.</param>
internal sealed record ClusterHosts(string Silo, string Api)
{
    /// <summary>Finds them in a folder that they were published to, or publishes them from the checkout.</summary>
    /// <exception cref="LeftOutException">They are not there, or could not be built.</exception>
    public static async Task<ClusterHosts> PrepareAsync(Workspace workspace, string? folder, CancellationToken cancellation)
    {
        if (folder is not null)
        {
            var found = new ClusterHosts(
                Path.GetFullPath(Path.Combine(folder, "Kapso.Silo", "Kapso.Silo.dll")),
                Path.GetFullPath(Path.Combine(folder, "Kapso.Api", "Kapso.Api.dll")));
            return File.Exists(found.Silo) && File.Exists(found.Api)
                ? found
                : throw new LeftOutException($"{folder} does not hold Kapso.Silo/Kapso.Silo.dll and Kapso.Api/Kapso.Api.dll");
        }

        try
        {
            return new ClusterHosts(
                await Publishing.PublishAsync(workspace, "Kapso.Silo", cancellation),
                await Publishing.PublishAsync(workspace, "Kapso.Api", cancellation));
        }
        catch (BenchmarkException exception)
        {
            throw new LeftOutException($"its hosts could not be built: {exception.Message}");
        }
    }
}
