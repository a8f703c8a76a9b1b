using System.Globalization;

namespace Kapso.Benchmarks.Targets;

/// <summary>Starts targets, each with a fresh process and an empty store. Prepares once what all of a kind share.</summary>
internal sealed class TargetFactory : IAsyncDisposable
{
    private readonly Workspace workspace;
    private readonly TargetCredentials credentials = new();
    private readonly string? hostsFolder;
    private PostgresCluster? postgres;
    private ClusterHosts? hosts;
    private string? service;

    /// <param name="workspace">Where the stores go.</param>
    /// <param name="service">Kapso.Embedded.dll, built for release; null to publish it from the checkout.</param>
    /// <param name="hosts">The folder that Kapso.Silo and Kapso.Api were published below; null to publish them from the checkout.</param>
    public TargetFactory(Workspace workspace, string? service, string? hosts)
    {
        this.workspace = workspace;
        this.service = service;
        hostsFolder = hosts;
    }

    /// <summary>The project of every target.</summary>
    public TargetCredentials Credentials => credentials;

    /// <summary>The version of the PostgreSQL that was started, if one was.</summary>
    public string? PostgresVersion => postgres?.Version;

    /// <summary>Starts a target.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="welcomes">Where the welcomes are sent, or null for a run without a receiver.</param>
    /// <param name="cancellation">Stops the start.</param>
    public async Task<Target> StartAsync(TargetKind kind, Uri? welcomes, CancellationToken cancellation)
    {
        var address = new Uri($"http://127.0.0.1:{ChildProcess.FreePort()}");
        return kind switch
        {
            TargetKind.Empty => await StartEmptyAsync(address, cancellation),
            TargetKind.Express => await StartExpressAsync(address, welcomes, cancellation),
            TargetKind.Kapso => await StartKapsoAsync(address, welcomes, cancellation),
            TargetKind.Cluster => TargetOf(await StartClusterAsync(welcomes, ClusterProcesses.Silos, cancellation)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    /// <summary>Starts the distributed service.</summary>
    /// <param name="welcomes">Where the welcomes are sent; null to have them logged.</param>
    /// <param name="silos">How many of its silos.</param>
    /// <param name="cancellation">Stops the start.</param>
    /// <exception cref="LeftOutException">redis-server or the hosts are not there.</exception>
    public async Task<ClusterProcesses> StartClusterAsync(Uri? welcomes, int silos, CancellationToken cancellation)
    {
        hosts ??= await ClusterHosts.PrepareAsync(workspace, hostsFolder, cancellation);
        return await ClusterProcesses.StartAsync(workspace, hosts, credentials, welcomes, silos, cancellation);
    }

    /// <summary>The distributed service as something to load; it ends with it.</summary>
    public Target TargetOf(ClusterProcesses cluster) => new()
    {
        Name = "Kapso cluster",
        Address = cluster.Address,
        Credentials = credentials,
        Stored = StoredState.OfKapso(cluster.Address, credentials),
        Processes = [.. cluster.Processes],
        StoreProcess = cluster.Redis.ProcessId,
        Redis = cluster.Redis,
        Owned = cluster,
    };

    /// <summary>Starts a receiver of welcomes.</summary>
    public static async Task<ReceiverProcess> StartReceiverAsync(int port, CancellationToken cancellation)
    {
        var process = StartSelf("receiver", "serve-receiver", port);
        var receiver = new ReceiverProcess(process, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await process.WaitUntilReadyAsync(new Uri(receiver.Address, "/alive"), cancellation);
            return receiver;
        }
        catch
        {
            await receiver.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
    }

    private static ChildProcess StartSelf(string name, string verb, int port) =>
        ChildProcess.Start(
            name,
            "dotnet",
            [typeof(TargetFactory).Assembly.Location, verb, "--port", port.ToString(CultureInfo.InvariantCulture)],
            new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Production" });

    private Task<Target> StartEmptyAsync(Uri address, CancellationToken cancellation) => ReadyAsync(
        StartSelf("the empty endpoint", "serve-empty", address.Port),
        new Uri(address, "/alive"),
        process => new Target
        {
            Name = "empty",
            Address = address,
            Credentials = credentials,
            Processes = [process],
            Owned = process,
        },
        cancellation);

    private async Task<Target> StartExpressAsync(Uri address, Uri? welcomes, CancellationToken cancellation)
    {
        var folder = Path.Combine(workspace.Checkout, "Kapso.Benchmarks", "peers", "express");
        await NodeModules.InstallAsync(folder, cancellation);
        postgres ??= await PostgresCluster.StartAsync(workspace, cancellation);
        var environment = new Dictionary<string, string>
        {
            ["NODE_ENV"] = "production",
            ["PORT"] = address.Port.ToString(CultureInfo.InvariantCulture),
            ["DATABASE_URL"] = await postgres.NewDatabaseAsync(cancellation),
            ["PROJECT_ID"] = credentials.ProjectId,
            ["WEBHOOK_SECRET"] = credentials.WebhookSecret,
        };
        if (welcomes is not null)
        {
            environment["WELCOME_URL"] = welcomes.AbsoluteUri;
            environment["WELCOME_SECRET"] = credentials.WelcomeSecret;
        }

        return await ReadyAsync(
            ChildProcess.Start("the Express peer", "node", ["server.js"], environment, folder),
            new Uri(address, "/alive"),
            process => new Target
            {
                Name = "Express",
                Address = address,
                Credentials = credentials,
                Stored = StoredState.OfExpress(address, credentials),
                StoreProcess = postgres.ProcessId,
                Processes = [process],
                Owned = process,
            },
            cancellation);
    }

    private async Task<Target> StartKapsoAsync(Uri address, Uri? welcomes, CancellationToken cancellation)
    {
        service ??= await Publishing.PublishAsync(workspace, "Kapso.Embedded", cancellation);
        var settings = KapsoSettings.Of(address, credentials, welcomes);
        settings["Kapso__Store__Path"] = Path.Combine(workspace.NewFolder("kapso"), "kapso.db");
        return await ReadyAsync(
            ChildProcess.Start("the Kapso service", "dotnet", [service], settings, Path.GetDirectoryName(service)),
            new Uri(address, "/health"),
            process => new Target
            {
                Name = "Kapso",
                Address = address,
                Credentials = credentials,
                Stored = StoredState.OfKapso(address, credentials),
                Processes = [process],
                Owned = process,
            },
            cancellation);
    }

    /// <summary>Makes a target of a process, once that is ready.</summary>
    private static async Task<Target> ReadyAsync(
        ChildProcess process, Uri ready, Func<ChildProcess, Target> target, CancellationToken cancellation)
    {
        try
        {
            await process.WaitUntilReadyAsync(ready, cancellation);
            return target(process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
