using System.Globalization;

namespace Kapso.Benchmarks.Targets;

/// <summary>
/// A PostgreSQL cluster of the benchmark's own, in a temporary folder, with the settings that initdb gives it:
/// <c>fsync</c> and <c>synchronous_commit</c> are on.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string Account = "postgres";
    private const string Superuser = "postgres";

    private static readonly string[] UsualPlaces = ["/usr/lib/postgresql", "/usr/local/pgsql"];

    private readonly ChildProcess server;
    private readonly string binaries;
    private readonly string data;
    private readonly int port;
    private int databases;

    private PostgresCluster(ChildProcess server, string binaries, string data, int port, string version)
    {
        this.server = server;
        this.binaries = binaries;
        this.data = data;
        this.port = port;
        Version = version;
    }

    /// <summary>As the server tells it, such as <c>15.14</c>.</summary>
    public string Version { get; }

    /// <summary>The server's first process.</summary>
    public int ProcessId => server.Id;

    public static async Task<PostgresCluster> StartAsync(Workspace workspace, CancellationToken cancellation)
    {
        var binaries = await FindBinariesAsync(cancellation);
        var data = workspace.NewFolder("postgres");
        if (Environment.IsPrivilegedProcess)
        {
            await ChildProcess.RunAsync("chown", "chown", [Account, data], null, cancellation);
        }

        await RunAsync(
            binaries, data, "initdb", ["-D", data, "-U", Superuser, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"], cancellation);
        var version = await RunAsync(binaries, data, "postgres", ["--version"], cancellation);

        var port = ChildProcess.FreePort();
        var (program, arguments) = AsAccount(Path.Combine(binaries, "postgres"), [
            "-D", data, "-k", data, "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1"]);
        var server = ChildProcess.Start("postgres", program, arguments, folder: data);
        var cluster = new PostgresCluster(server, binaries, data, port, version.Split(' ')[2]);
        try
        {
            await server.WaitUntilAsync(() => cluster.AcceptsAsync(cancellation), cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates an empty database and returns its address.</summary>
    public async Task<string> NewDatabaseAsync(CancellationToken cancellation)
    {
        var name = $"peer{++databases}";
        await RunAsync(
            binaries, data, "createdb",
            ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-U", Superuser, name],
            cancellation);
        return $"postgres://{Superuser}@127.0.0.1:{port}/{name}";
    }

    /// <summary>SIGTERM would wait for clients; pg_ctl's fast stop asks the server by its pid and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await RunAsync(binaries, data, "pg_ctl", ["stop", "-D", data, "-m", "fast", "-s"], CancellationToken.None);
        }
        catch (BenchmarkException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
        }

        await server.DisposeAsync();
    }

    private async Task<bool> AcceptsAsync(CancellationToken cancellation)
    {
        try
        {
            await RunAsync(
                binaries, data, "pg_isready", ["-q", "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)], cancellation);
            return true;
        }
        catch (BenchmarkException)
        {
            return false;
        }
    }

    private static Task<string> RunAsync(
        string binaries, string data, string program, string[] arguments, CancellationToken cancellation)
    {
        var (file, all) = AsAccount(Path.Combine(binaries, program), arguments);
        return ChildProcess.RunAsync(program, file, all, data, cancellation);
    }

    /// <summary>PostgreSQL refuses to run as root; setpriv replaces itself by the program, so the pid is the server's.</summary>
    private static (string Program, string[] Arguments) AsAccount(string program, string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? ("setpriv", [$"--reuid={Account}", $"--regid={Account}", "--init-groups", "--", program, .. arguments])
            : (program, arguments);

    private static async Task<string> FindBinariesAsync(CancellationToken cancellation)
    {
        var candidates = new List<string>();
        try
        {
            candidates.Add(await ChildProcess.RunAsync("pg_config", "pg_config", ["--bindir"], null, cancellation));
        }
        catch (Exception exception) when (exception is BenchmarkException or System.ComponentModel.Win32Exception)
        {
            // Not installed, or a client-only package: look in the usual places.
        }

        foreach (var root in UsualPlaces.Where(Directory.Exists))
        {
            candidates.Add(Path.Combine(root, "bin"));
            candidates.AddRange(Directory.GetDirectories(root).OrderDescending().Select(version => Path.Combine(version, "bin")));
        }

        candidates.AddRange((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return candidates.Find(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new BenchmarkException(
                "The Express peer needs PostgreSQL's server (initdb and postgres), and neither pg_config --bindir nor "
                + "/usr/lib/postgresql/*/bin nor PATH has it. Install it: apt-get install postgresql");
    }
}
