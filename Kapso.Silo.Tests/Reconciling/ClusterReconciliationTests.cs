using Kapso.Connections.Reconciling;
using Kapso.Engines.Budget;
using Kapso.Engines.Orleans.Budget;
using Kapso.Engines.Orleans.Redis;
using Kapso.Platform.Api;
using Kapso.Platform.Links;
using Kapso.Platform.Reconciling;
using Kapso.Platform.Settings;
using Kapso.Simulator;
using Kapso.Simulator.World;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kapso.Silo.Tests.Reconciling;

/// <summary>Reconciliation of a cluster against the simulator over HTTP, in two processes that share Redis.</summary>
public sealed class ClusterReconciliationTests
{
    private const string Key = "simulated-api-key-0123456789";
    private const int Customers = 120;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Whatever_was_missed_is_found_by_one_of_two_processes_and_each_welcome_starts_once()
    {
        await using var simulator = await SimulateAsync();
        var platform = simulator.Services.GetRequiredService<SimulatedPlatform>();
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var welcomes = new RecordingRunner(EffectKind.Welcome);
        await using var cluster = await EngineCluster.StartAsync(new ClusterSetup
        {
            Redis = redis,
            Policy = _ => new ConnectionPolicy(),
            Runners = [welcomes],
        });
        var numbers = Enumerable.Range(0, Customers)
            .Select(i => platform.ConnectDirectly(platform.CreateCustomer($"Customer {i}", null)!.Id)!)
            .ToList();

        using var budget = new RequestBudget(new SharedMinute(redis, new StoreKeys("test"), 1_000, TimeSpan.FromMinutes(1)), TimeProvider.System);
        using var one = new Process(simulator, platform.ProjectId, cluster.Engine, budget);
        using var other = new Process(simulator, platform.ProjectId, cluster.Engine, budget);
        await Task.WhenAll(one.Service.StartedAsync(None), other.Service.StartedAsync(None));
        var engine = cluster.Engine;
        await Wait.ForAsync(async () => (await ReadAsync()).Last is not null, "the end of the first pass");
        await Wait.ForAsync(() => welcomes.Calls.Count >= Customers, "every welcome");
        await Task.WhenAll(one.Service.StoppingAsync(None), other.Service.StoppingAsync(None));

        foreach (var number in numbers)
        {
            var found = await engine.FindAsync(new CustomerKey(platform.ProjectId, number.CustomerId!), None);
            Assert.Equal(NumberStatus.Connected, found?.FindNumber(number.Id)?.Status);
        }

        Assert.Equal(numbers.Select(number => number.CustomerId).Order(), welcomes.Calls.Select(call => call.Key.CustomerId).Order());
        var last = (await ReadAsync()).Last!;
        Assert.Equal(("1", null, Customers + 1, Customers), (last.PassId, last.Error, last.Counts.Listed, last.Counts.Applied));

        Task<Reconciliation> ReadAsync() => engine.ReadReconciliationAsync(platform.ProjectId, None);
    }

    [Fact]
    public async Task Many_numbers_gone_are_marked_by_the_one_pass_that_somebody_accepted_it_for()
    {
        const int Gone = 8;
        await using var simulator = await SimulateAsync();
        var platform = simulator.Services.GetRequiredService<SimulatedPlatform>();
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        await using var cluster = await EngineCluster.StartAsync(new ClusterSetup { Redis = redis, Policy = _ => new ConnectionPolicy() });
        var engine = cluster.Engine;
        for (var i = 0; i < Gone; i++)
        {
            await engine.ObserveAsync(
                new CustomerKey(platform.ProjectId, $"gone-{i}"),
                new Observation
                {
                    Kind = ObservationKind.Created,
                    Source = Source.Webhook,
                    Event = "whatsapp.phone_number.created",
                    PhoneNumberId = $"40000000000000{i}",
                    ReceivedAt = DateTimeOffset.UtcNow,
                },
                None);
        }

        // A pass compares what is listed, and rows follow their connections.
        await Wait.ForAsync(
            async () => (await engine.ListConnectionsAsync(new ConnectionQuery(platform.ProjectId), None)).Items.Count == Gone, "a row for each customer");
        using var budget = new RequestBudget(new SharedMinute(redis, new StoreKeys("test"), 1_000, TimeSpan.FromMinutes(1)), TimeProvider.System);
        using var process = new Process(simulator, platform.ProjectId, engine, budget);
        await process.Service.StartedAsync(None);
        await Wait.ForAsync(
            async () =>
            {
                var standing = await ReadAsync();
                if (standing is { Last.Counts: { Missing: Gone, Gone: 0 } })
                    return true;

                // A pass that was given up, or came upon rows that were being written, is made again in ten minutes only.
                if (standing is { Last: not null, Running: null, FullWanted: false })
                    await process.Service.WantFullAsync(platform.ProjectId, "operator-1", None);
                return false;
            },
            "the end of a pass that marks none");
        Assert.Equal((ReconciliationAlarmKind.ManyGone, Gone), Assert.Single((await ReadAsync()).Alarms) is var alarm ? (alarm.Kind, alarm.Numbers) : default);

        Assert.NotNull(await process.Service.AcceptGoneAsync(platform.ProjectId, "operator-1", None));
        await Wait.ForAsync(async () => await ReadAsync() is { Last: { GoneAcceptedBy: "operator-1", Counts.Gone: Gone } }, "the end of the pass that it was accepted for");
        Assert.Empty((await ReadAsync()).Alarms);
        Assert.Null(await process.Service.AcceptGoneAsync(platform.ProjectId, "operator-1", None));
        await process.Service.StoppingAsync(None);
        var customer = await engine.FindAsync(new CustomerKey(platform.ProjectId, "gone-0"), None);
        Assert.Contains(customer!.Timeline, line => line is { Event: "reconcile.gone_accepted", By: "operator-1" });
        Assert.NotNull(Assert.Single(customer.Numbers).AbsentAt);

        Task<Reconciliation> ReadAsync() => engine.ReadReconciliationAsync(platform.ProjectId, None);
    }

    [Fact]
    public async Task What_the_platform_tells_of_after_the_store_was_replaced_is_adopted_until_a_person_accepts_the_store()
    {
        await using var simulator = await SimulateAsync();
        var platform = simulator.Services.GetRequiredService<SimulatedPlatform>();
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var welcomes = new RecordingRunner(EffectKind.Welcome);
        var setup = new ClusterSetup { Redis = redis, Policy = _ => new ConnectionPolicy(), Runners = [welcomes] };
        await new StoreIdentity(redis, new StoreKeys(setup.ServiceId)).MarkReplacedAsync("the one before", DateTimeOffset.UtcNow);
        await using var cluster = await EngineCluster.StartAsync(setup);
        var engine = cluster.Engine;
        var before = platform.ConnectDirectly(platform.CreateCustomer("Customer 1", null)!.Id)!;
        using var budget = new RequestBudget(new SharedMinute(redis, new StoreKeys("test"), 1_000, TimeSpan.FromMinutes(1)), TimeProvider.System);
        using var process = new Process(simulator, platform.ProjectId, engine, budget);
        await process.Service.StartedAsync(None);
        await Wait.ForAsync(async () => (await ReadAsync()).Last is not null, "the end of the first pass");
        Assert.Equal(ReconciliationAlarmKind.StoreReplaced, Assert.Single((await ReadAsync()).Alarms).Kind);
        Assert.True((await FindAsync(before)).Adopted);
        Assert.Equal(Outcome.Adopted, (await ConfirmAsync("told-before")).Outcome);

        Assert.NotNull(await process.Service.AcceptStoreAsync(platform.ProjectId, "operator-1", None));
        Assert.Empty((await ReadAsync()).Alarms);
        Assert.Null(await process.Service.AcceptStoreAsync(platform.ProjectId, "operator-1", None));
        await Wait.ForAsync(
            async () => (await ConfirmAsync($"told-{Guid.NewGuid():N}")).Outcome == Outcome.Applied, "a number that is not adopted any more");
        await process.Service.StoppingAsync(None);
        Assert.True((await FindAsync(before)).Adopted);
        await Wait.ForAsync(() => welcomes.Calls.Count == 1, "its welcome");

        Task<Reconciliation> ReadAsync() => engine.ReadReconciliationAsync(platform.ProjectId, None);

        async Task<Number> FindAsync(PhoneNumber number) =>
            (await engine.FindAsync(new CustomerKey(platform.ProjectId, number.CustomerId!), None))!.FindNumber(number.Id)!;

        Task<Receipt> ConfirmAsync(string customer) => engine.ObserveAsync(
            new CustomerKey(platform.ProjectId, customer),
            new Observation
            {
                Kind = ObservationKind.ApiConnected,
                Source = Source.Api,
                Event = "api.reconcile",
                PhoneNumberId = customer,
                ReceivedAt = DateTimeOffset.UtcNow,
                RowCreatedAt = DateTimeOffset.UtcNow,
            },
            None);
    }

    private static async Task<WebApplication> SimulateAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddKapsoSimulator(options => options.ApiKey = Key);
        var simulator = builder.Build();
        simulator.MapKapsoSimulator("");
        await simulator.StartAsync();
        return simulator;
    }

    /// <summary>What a process of the API has to reconcile with.</summary>
    private sealed class Process : IDisposable
    {
        private readonly PlatformClients _clients;

        public Process(WebApplication simulator, string projectId, IConnectionEngine engine, RequestBudget budget)
        {
            var settings = Options.Create(new KapsoOptions
            {
                Platform = { BaseUrl = new Uri(simulator.Urls.First()) },
                Projects = { new ProjectOptions { Id = projectId, ApiKey = Key } },
            });
            _clients = new PlatformClients(settings, budget, TimeProvider.System, NullLogger<PlatformClients>.Instance);
            var check = new LinkCheck(_clients, engine, TimeProvider.System);
            Service = new ReconciliationService(
                engine, _clients, check, new SetupLinks(_clients, engine, check, TimeProvider.System), settings, TimeProvider.System, NullLoggerFactory.Instance);
        }

        public ReconciliationService Service { get; }

        public void Dispose()
        {
            Service.Dispose();
            _clients.Dispose();
        }
    }
}
