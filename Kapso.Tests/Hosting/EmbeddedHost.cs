namespace Kapso.Tests.Hosting;

/// <summary>The embedded host as a process, with a store of its own.</summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly ServiceProcess _process;
    private readonly TemporaryFolder _folder;

    private EmbeddedHost(ServiceProcess process, TemporaryFolder folder) => (_process, _folder) = (process, folder);

    /// <summary>Starts it with these settings.</summary>
    /// <returns>Where it listens, and what ends it.</returns>
    public static async Task<(Uri Address, IAsyncDisposable Service)> ServeAsync(
        Dictionary<string, string> settings, CancellationToken cancellationToken, int? port = null)
    {
        var folder = new TemporaryFolder();
        settings["Kapso:Store:Path"] = Path.Combine(folder.Path, "kapso.db");
        var process = await ServiceProcess.StartAsync("Kapso.Embedded.dll", settings, cancellationToken, port);
        return (process.Address, new EmbeddedHost(process, folder));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
