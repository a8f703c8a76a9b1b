using System.ComponentModel;

namespace Kapso.Benchmarks.Targets;

/// <summary>A database on the loopback address.</summary>
internal sealed record PostgresDatabase(string User, string Port, string Name)
{
    /// <summary>As libpq and Node.js have it.</summary>
    public string Url => $"postgres://{User}@127.0.0.1:{Port}/{Name}";

    /// <summary>As Npgsql has it.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username={User};Database={Name}";
}

/// <summary>
/// A PostgreSQL cluster of the benchmark's own, in a temporary folder, with the settings that initdb gives it:
/// <c>fsync</c> and <c>synchronous_commit</c> are on.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string Account = "postgres";
    private const string Superuser = "postgres";

    private static readonly string[] UsualPlaces = ["/usr/lib/postgresql", "/usr/local/pgsql"];

    private readonly string binaries;
    private readonly string data;
    private readonly string port = $"{ChildProcess.FreePort()}";
    private ChildProcess? server;
    private int databases;

    private PostgresCluster(string binaries, string data) => (this.binaries, this.data) = (binaries, data);

    /// <summary>As the server tells it, such as <c>15.14</c>.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The server's first process.</summary>
    public int ProcessId => server!.Id;

    public static async Task<PostgresCluster> StartAsync(Workspace workspace, CancellationToken cancellation)
    {
        var cluster = new PostgresCluster(await FindBinariesAsync(cancellation), workspace.NewFolder("postgres"));
        await cluster.StartAsync(cancellation);
        return cluster;
    }

    /// <summary>Creates an empty database.</summary>
    public async Task<PostgresDatabase> NewDatabaseAsync(CancellationToken cancellation)
    {
        var name = $"peer{++databases}";
        await RunAsync("createdb", ["-h", "127.0.0.1", "-p", port, "-U", Superuser, name], cancellation);
        return new PostgresDatabase(Superuser, port, name);
    }

    /// <summary>SIGTERM would wait for clients; pg_ctl's fast stop asks the server by its pid and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await RunAsync("pg_ctl", ["stop", "-D", data, "-m", "fast", "-s"], CancellationToken.None);
        }
        catch (BenchmarkException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
        }

        await server!.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await ChildProcess.RunAsync("chown", "chown", [Account, data], null, cancellation);
        }

        await RunAsync("initdb", ["-D", data, "-U", Superuser, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"], cancellation);
        Version = (await RunAsync("postgres", ["--version"], cancellation)).Split(' ')[2];
        var (program, arguments) = AsAccount("postgres", ["-D", data, "-k", data, "-p", port, "-c", "listen_addresses=127.0.0.1"]);
        server = ChildProcess.Start("postgres", program, arguments, folder: data);
        await server.WaitUntilAsync(
            async () => (await RunAsync("pg_isready", ["-h", "127.0.0.1", "-p", port], cancellation)).EndsWith("accepting connections", StringComparison.Ordinal),
            cancellation);
    }

    private Task<string> RunAsync(string name, string[] arguments, CancellationToken cancellation)
    {
        var (program, all) = AsAccount(name, arguments);
        return ChildProcess.RunAsync(name, program, all, data, cancellation);
    }

    /// <summary>PostgreSQL refuses to run as root; setpriv replaces itself by the program, so the pid is the server's.</summary>
    private (string Program, string[] Arguments) AsAccount(string name, string[] arguments)
    {
        var program = Path.Combine(binaries, name);
        return Environment.IsPrivilegedProcess
            ? ("setpriv", [$"--reuid={Account}", $"--regid={Account}", "--init-groups", "--", program, .. arguments])
            : (program, arguments);
    }

    private static async Task<string> FindBinariesAsync(CancellationToken cancellation)
    {
        var candidates = new List<string>();
        try
        {
            candidates.Add(await ChildProcess.RunAsync("pg_config", "pg_config", ["--bindir"], null, cancellation));
        }
        catch (Exception exception) when (exception is BenchmarkException or Win32Exception)
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
                "The peers need PostgreSQL's server (initdb and postgres), and neither pg_config --bindir nor "
                + "/usr/lib/postgresql/*/bin nor PATH has it. Install it: apt-get install postgresql");
    }
}
