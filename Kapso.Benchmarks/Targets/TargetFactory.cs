using System.ComponentModel;

namespace Kapso.Benchmarks.Targets;

/// <summary>What the benchmark can start and load.</summary>
internal enum TargetKind
{
    /// <summary>An empty ASP.NET Core endpoint.</summary>
    Empty,

    /// <summary>The careful Express and PostgreSQL handler of <c>peers/express</c>.</summary>
    Express,

    /// <summary>The careful ASP.NET Core, Npgsql and PostgreSQL handler of <c>peers/aspnet</c>.</summary>
    AspNet,

    /// <summary>The embedded service.</summary>
    Kapso,

    /// <summary>The distributed service: API, silos and Redis.</summary>
    Cluster,
}

/// <summary>A target to start.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Size">How many processes, of the distributed service.</param>
internal sealed record TargetChoice(TargetKind Kind, ClusterSize Size)
{
    public override string ToString() => Kind == TargetKind.Cluster ? $"{Kind}, {Size}" : $"{Kind}";
}

/// <summary>Starts targets, each with a fresh process and an empty store. Prepares once what all of a kind share.</summary>
/// <param name="workspace">Where the stores go.</param>
/// <param name="service">Kapso.Embedded.dll, built for release; null to publish it from the checkout.</param>
/// <param name="hosts">The folder that Kapso.Silo and Kapso.Api were published below; null to publish them from the checkout.</param>
internal sealed class TargetFactory(Workspace workspace, string? service, string? hosts) : IAsyncDisposable
{
    private PostgresCluster? postgres;
    private string? aspNetPeer;
    private ClusterHosts? clusterHosts;

    /// <summary>Where the stores go.</summary>
    public Workspace Workspace => workspace;

    /// <summary>The project of every target.</summary>
    public TargetCredentials Credentials { get; } = new();

    /// <summary>The version of the PostgreSQL that was started, if one was.</summary>
    public string? PostgresVersion => postgres?.Version;

    /// <summary>Whether the Express peer was started, and so Node.js.</summary>
    public bool StartedExpress { get; private set; }

    /// <summary>Starts a target.</summary>
    /// <param name="choice">Which.</param>
    /// <param name="welcomes">Where the welcomes are sent, or null for a run without a receiver.</param>
    /// <param name="cancellation">Stops the start.</param>
    public async Task<Target> StartAsync(TargetChoice choice, Uri? welcomes, CancellationToken cancellation)
    {
        var address = new Uri($"http://127.0.0.1:{ChildProcess.FreePort()}");
        return choice.Kind switch
        {
            TargetKind.Empty => await StartEmptyAsync(address, cancellation),
            TargetKind.Express => await StartExpressAsync(address, welcomes, cancellation),
            TargetKind.AspNet => await StartAspNetAsync(address, welcomes, cancellation),
            TargetKind.Kapso => await StartKapsoAsync(address, welcomes, cancellation),
            TargetKind.Cluster => TargetOf(await StartClusterAsync(welcomes, choice.Size, cancellation)),
            _ => throw new ArgumentOutOfRangeException(nameof(choice)),
        };
    }

    /// <summary>Builds the hosts of the distributed service, where they are not built yet.</summary>
    /// <exception cref="LeftOutException">They are not there, or could not be built.</exception>
    public async Task PrepareClusterAsync(CancellationToken cancellation) =>
        clusterHosts ??= await ClusterHosts.PrepareAsync(workspace, hosts, cancellation);

    /// <summary>Starts the distributed service and waits until it answers.</summary>
    /// <param name="welcomes">Where the welcomes are sent; null to have them logged.</param>
    /// <param name="size">How many processes it has.</param>
    /// <param name="cancellation">Stops the start.</param>
    /// <param name="silos">How many of its silos are started, if not all.</param>
    /// <exception cref="LeftOutException">redis-server or the hosts are not there.</exception>
    public async Task<ClusterProcesses> StartClusterAsync(Uri? welcomes, ClusterSize size, CancellationToken cancellation, int? silos = null)
    {
        var cluster = await LaunchClusterAsync(welcomes, size, cancellation, silos);
        try
        {
            await cluster.WaitUntilReadyAsync(cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same, without waiting for more than its Redis.</summary>
    public async Task<ClusterProcesses> LaunchClusterAsync(
        Uri? welcomes, ClusterSize size, CancellationToken cancellation, int? silos = null)
    {
        await PrepareClusterAsync(cancellation);
        return await ClusterProcesses.LaunchAsync(workspace, clusterHosts!, Credentials, welcomes, size, silos ?? size.Silos, cancellation);
    }

    /// <summary>The distributed service as something to load; it ends with it.</summary>
    public Target TargetOf(ClusterProcesses cluster) =>
        new(cluster.Size == ClusterSize.Usual ? "Kapso cluster" : $"Kapso cluster, {cluster.Size}", cluster.Address, Credentials, new StoredState(cluster.Address, Credentials))
        {
            Addresses = cluster.Addresses,
            Processes = cluster.TargetProcesses,
            Redis = cluster.Redis,
            Owned = cluster,
        };

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
    }

    private async Task<Target> StartEmptyAsync(Uri address, CancellationToken cancellation)
    {
        var process = ChildProcess.StartSelf("the empty endpoint", "serve-empty", address.Port);
        await process.WaitUntilReadyAsync(new Uri(address, "/alive"), cancellation);
        return new Target("empty", address, Credentials, Stored: null) { Processes = [new TargetProcess("app", process.Id)], Owned = process };
    }

    private async Task<Target> StartExpressAsync(Uri address, Uri? welcomes, CancellationToken cancellation)
    {
        var folder = Path.Combine(workspace.Checkout, "Kapso.Benchmarks", "peers", "express");
        await InstallAsync(folder, cancellation);
        StartedExpress = true;
        postgres ??= await PostgresCluster.StartAsync(workspace, cancellation);
        var environment = new Dictionary<string, string>
        {
            ["NODE_ENV"] = "production",
            ["PORT"] = $"{address.Port}",
            ["DATABASE_URL"] = (await postgres.NewDatabaseAsync(cancellation)).Url,
            ["PROJECT_ID"] = Credentials.ProjectId,
            ["WEBHOOK_SECRET"] = Credentials.WebhookSecret,
        };
        if (welcomes is not null)
        {
            environment["WELCOME_URL"] = welcomes.AbsoluteUri;
            environment["WELCOME_SECRET"] = Credentials.WelcomeSecret;
        }

        return await PeerAsync("Express", address, ChildProcess.Start("the Express peer", "node", ["server.js"], environment, folder), cancellation);
    }

    private async Task<Target> StartAspNetAsync(Uri address, Uri? welcomes, CancellationToken cancellation)
    {
        postgres ??= await PostgresCluster.StartAsync(workspace, cancellation);
        aspNetPeer ??= await workspace.PublishAsync(
            "Kapso.Benchmarks.AspNetPeer", cancellation, Path.Combine("Kapso.Benchmarks", "peers", "aspnet"));
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority),
            ["Logging__LogLevel__Default"] = "Warning",
            ["ConnectionStrings__Postgres"] = (await postgres.NewDatabaseAsync(cancellation)).ConnectionString,
            ["ProjectId"] = Credentials.ProjectId,
            ["WebhookSecret"] = Credentials.WebhookSecret,
        };
        if (welcomes is not null)
        {
            environment["WelcomeUrl"] = welcomes.AbsoluteUri;
            environment["WelcomeSecret"] = Credentials.WelcomeSecret;
        }

        return await PeerAsync("ASP.NET Core", address, ChildProcess.Start("the ASP.NET Core peer", "dotnet", [aspNetPeer], environment), cancellation);
    }

    private async Task<Target> PeerAsync(string name, Uri address, ChildProcess process, CancellationToken cancellation)
    {
        await process.WaitUntilReadyAsync(new Uri(address, "/alive"), cancellation);
        return new Target(name, address, Credentials, new StoredState(address, Credentials, countsUnsettled: true))
        {
            Processes = [new TargetProcess("app", process.Id), new TargetProcess("postgres", postgres!.ProcessId, IsStore: true)],
            Owned = process,
        };
    }

    private async Task<Target> StartKapsoAsync(Uri address, Uri? welcomes, CancellationToken cancellation)
    {
        service ??= await workspace.PublishAsync("Kapso.Embedded", cancellation);
        var settings = Credentials.Settings(address, welcomes);
        settings["Kapso__Store__Path"] = Path.Combine(workspace.NewFolder("kapso"), "kapso.db");
        var process = ChildProcess.Start("the Kapso service", "dotnet", [service], settings, Path.GetDirectoryName(service));
        await process.WaitUntilReadyAsync(new Uri(address, "/health"), cancellation);
        return new Target("Kapso", address, Credentials, new StoredState(address, Credentials))
        {
            Processes = [new TargetProcess("app", process.Id)],
            Owned = process,
        };
    }

    /// <summary>Installs the packages of a Node.js peer, exactly as its lock file says, where they are missing.</summary>
    private static async Task InstallAsync(string folder, CancellationToken cancellation)
    {
        // npm writes this file last: without it an earlier installation was broken off.
        if (File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")))
        {
            return;
        }

        await Console.Error.WriteLineAsync("Installing the packages of the Express peer …");
        try
        {
            await ChildProcess.RunAsync("npm ci", "npm", ["ci", "--omit=dev", "--no-audit", "--no-fund"], folder, cancellation);
        }
        catch (Win32Exception)
        {
            throw new BenchmarkException("The Express peer needs Node.js 20 or later with npm: apt-get install nodejs npm");
        }
    }
}
