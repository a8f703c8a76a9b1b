using System.Globalization;

namespace Kapso.Benchmarks.Targets;

/// <summary>Starts targets, each with a fresh process and an empty store. Prepares once what all of a kind share.</summary>
internal sealed class TargetFactory : IAsyncDisposable
{
    private readonly Workspace workspace;
    private readonly TargetCredentials credentials = new();
    private PostgresCluster? postgres;
    private string? service;

    /// <param name="workspace">Where the stores go.</param>
    /// <param name="service">Kapso.Embedded.dll, built for release; null to publish it from the checkout.</param>
    public TargetFactory(Workspace workspace, string? service)
    {
        this.workspace = workspace;
        this.service = service;
    }

    /// <summary>The version of the PostgreSQL that was started, if one was.</summary>
    public string? PostgresVersion => postgres?.Version;

    /// <summary>Starts a target.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="welcomes">Where the welcomes are sent, or null for a run without a receiver.</param>
    /// <param name="cancellation">Stops the start.</param>
    public async Task<Target> StartAsync(TargetKind kind, Uri? welcomes, CancellationToken cancellation)
    {
        var port = ChildProcess.FreePort();
        var address = new Uri($"http://127.0.0.1:{port}");
        var target = kind switch
        {
            TargetKind.Empty => StartEmpty(address),
            TargetKind.Express => await StartExpressAsync(address, welcomes, cancellation),
            TargetKind.Kapso => await StartKapsoAsync(address, welcomes, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        try
        {
            var ready = new Uri(address, kind == TargetKind.Kapso ? "/health" : "/alive");
            await target.Process!.WaitUntilReadyAsync(ready, cancellation);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

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

    private Target StartEmpty(Uri address) => new()
    {
        Name = "empty",
        Address = address,
        Credentials = credentials,
        Process = StartSelf("the empty endpoint", "serve-empty", address.Port),
    };

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

        return new Target
        {
            Name = "Express",
            Address = address,
            Credentials = credentials,
            Stored = StoredState.OfExpress(address, credentials),
            StoreProcess = postgres.ProcessId,
            Process = ChildProcess.Start("the Express peer", "node", ["server.js"], environment, folder),
        };
    }

    private async Task<Target> StartKapsoAsync(Uri address, Uri? welcomes, CancellationToken cancellation)
    {
        service ??= await PublishAsync(cancellation);
        var folder = workspace.NewFolder("kapso");
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority),
            ["Logging__LogLevel__Default"] = "Warning",
            ["Kapso__Projects__0__Id"] = credentials.ProjectId,
            ["Kapso__Projects__0__WebhookSecrets__0"] = credentials.WebhookSecret,
            ["Kapso__Management__ApiKey"] = credentials.ManagementKey,
            ["Kapso__PublicUrl"] = address.GetLeftPart(UriPartial.Authority),
            ["Kapso__Store__Path"] = Path.Combine(folder, "kapso.db"),
            ["Kapso__Welcome__Flow"] = welcomes is null ? "log" : "callback",
        };
        if (welcomes is not null)
        {
            environment["Kapso__Welcome__Callback__Url"] = welcomes.AbsoluteUri;
            environment["Kapso__Welcome__Callback__Secret"] = credentials.WelcomeSecret;
        }

        return new Target
        {
            Name = "Kapso",
            Address = address,
            Credentials = credentials,
            Stored = StoredState.OfKapso(address, credentials),
            Process = ChildProcess.Start("the Kapso service", "dotnet", [service], environment, Path.GetDirectoryName(service)),
        };
    }

    private async Task<string> PublishAsync(CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync("Publishing Kapso.Embedded …");
        var folder = workspace.NewFolder("service");
        await ChildProcess.RunAsync(
            "dotnet publish",
            "dotnet",
            ["publish", "Kapso.Embedded", "-c", "Release", "-o", folder, "-nodereuse:false", "-p:UseSharedCompilation=false", "-v", "quiet"],
            workspace.Checkout,
            cancellation);
        return Path.Combine(folder, "Kapso.Embedded.dll");
    }
}
