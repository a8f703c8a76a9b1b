using System.Threading.RateLimiting;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kapso.Testing.Simulator;

/// <summary>A project's client with short waits.</summary>
internal sealed class Client : IDisposable
{
    public const string Project = "project-1";
    public const string Key = "api-key-of-the-tests-0123456789";

    /// <summary>Three repeats within a moment, patience with a busy machine, and no circuit in the way.</summary>
    public static readonly PlatformTimings Quick = new()
    {
        Attempt = TimeSpan.FromSeconds(30),
        Call = TimeSpan.FromMinutes(2),
        RepeatDelay = TimeSpan.FromMilliseconds(1),
        LongestWait = TimeSpan.FromSeconds(3),
        CircuitMinimum = 1_000,
    };

    private readonly PlatformClients _clients;
    private readonly RequestBudget _budget;

    public Client(
        Uri baseUrl,
        PlatformTimings? timings = null,
        int requestsPerMinute = 1_000,
        TimeProvider? time = null,
        ILogger<PlatformClients>? logger = null,
        PartitionedRateLimiter<PlatformCall>? budget = null,
        string key = Key)
    {
        var options = new KapsoOptions
        {
            Platform = { BaseUrl = baseUrl },
            Projects = { new ProjectOptions { Id = Project, ApiKey = key }, new ProjectOptions { Id = "without-key" } },
        };
        _budget = new RequestBudget(new ProcessMinute(requestsPerMinute, time ?? TimeProvider.System), time ?? TimeProvider.System);
        _clients = new PlatformClients(
            Options.Create(options),
            budget ?? _budget,
            timings ?? Quick,
            time ?? TimeProvider.System,
            logger ?? NullLogger<PlatformClients>.Instance);
        Api = _clients.Find(Project)!;
    }

    public PlatformClient Api { get; }

    public PlatformClients All => _clients;

    public void Dispose()
    {
        _clients.Dispose();
        _budget.Dispose();
    }
}
