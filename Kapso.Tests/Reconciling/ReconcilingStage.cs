using Kapso.Connections.Reconciling;
using Kapso.Platform.Api;
using Kapso.Platform.Effects;
using Kapso.Platform.Links;
using Kapso.Platform.Reconciling;
using Kapso.Platform.Webhooks;
using Kapso.Simulator.World;
using Kapso.Tests.Engines.Memory;
using Kapso.Tests.Web;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Reconciling;

/// <summary>
/// Reconciliation on an in-memory engine against the simulator over HTTP. Both clocks stand still together unless they are put
/// forward.
/// </summary>
internal sealed class ReconcilingStage : IAsyncDisposable
{
    public const string Project = Client.Project;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Client _client;
    private readonly MemoryEngine _engine;
    private readonly AlarmGauge _gauge = new();
    private readonly PassTerms _terms;

    private ReconcilingStage(SimulatorHost host, ConnectionPolicy policy)
    {
        Host = host;
        _client = new Client(host.BaseUrl, key: SimulatorHost.Key);
        _engine = new MemoryEngine(new MemoryStore(Time), new MemoryEngineOptions
        {
            Time = Time,
            Policy = _ => policy,
            Runners = [Welcomes, Notifies, new ConfirmRunner(_client.All, Time)],
        });
        Engine = new FaultyEngine(_engine);
        var check = new LinkCheck(_client.All, Engine, Time);
        Links = new SetupLinks(_client.All, Engine, check, Time);
        _terms = new PassTerms(TimeSpan.FromMinutes(10), null, IsOnlyProject: true, check, Links);
    }

    public SimulatorHost Host { get; }

    public SimulatedPlatform Platform => Host.Platform;

    public FakeTimeProvider Time { get; } = new(Start);

    public FaultyEngine Engine { get; }

    /// <summary>The simulated platform's API.</summary>
    public PlatformClients Clients => _client.All;

    /// <summary>Makes setup links at the simulated platform.</summary>
    public SetupLinks Links { get; }

    public RecordingRunner Notifies { get; } = new(EffectKind.Notify);

    public RecordingRunner Welcomes { get; } = new(EffectKind.Welcome);

    public static Task<ReconcilingStage> OpenAsync() => OpenAsync(new ConnectionPolicy { CanConfirm = true });

    public static async Task<ReconcilingStage> OpenAsync(ConnectionPolicy policy) =>
        new(await SimulatorHost.StartAsync(), policy);

    /// <summary>A process that reconciles.</summary>
    public Reconciler Process(string holder = "process", Uri? publicUrl = null, bool keepsWebhook = false) => new(
        new PassRecord(Engine, Project, holder, Time),
        _client.Api,
        Engine,
        _terms with { PublicUrl = publicUrl },
        _gauge,
        Time,
        NullLogger<Reconciler>.Instance,
        keepsWebhook
            ? new WebhookKeeper(Engine, _client.Api, new WebhookAddress(publicUrl!, Project, isOnly: true), Time, NullLogger<WebhookKeeper>.Instance)
            : null);

    /// <summary>Puts both clocks forward.</summary>
    public void Advance(TimeSpan time)
    {
        Time.Advance(time);
        Platform.Clock.Advance(time);
    }

    /// <summary>New customers, each with a number that no webhook told of.</summary>
    public IReadOnlyList<PhoneNumber> Connect(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Platform.ConnectDirectly(Platform.CreateCustomer($"Customer {i}", null)!.Id)!)];

    /// <summary>Has the process work until nothing is due; waits in between take no time.</summary>
    public async Task<ReconciliationReport> ReconcileAsync(Reconciler? process = null)
    {
        process ??= Process();
        var working = WorkAsync(process);
        while (!working.IsCompleted)
        {
            // What waits meanwhile (for a platform that asked for it, say) waits by this clock.
            await Task.WhenAny(working, Task.Delay(20));
            if (!working.IsCompleted)
                Time.Advance(TimeSpan.FromMilliseconds(500));
        }

        await working;
        return (await ReadAsync()).Last!;
    }

    /// <summary>Has everything compared.</summary>
    public async Task<ReconciliationReport> ReconcileFullyAsync()
    {
        var process = Process();
        await process.WantFullAsync("operator-1", CancellationToken.None);
        return await ReconcileAsync(process);
    }

    public Task<Reconciliation> ReadAsync() => Engine.ReadReconciliationAsync(Project, CancellationToken.None);

    public async Task<Number?> FindAsync(PhoneNumber number) =>
        (await Engine.FindAsync(new CustomerKey(Project, number.CustomerId!), CancellationToken.None))?.FindNumber(number.Id);

    public async Task<int> CountAsync(NumberStatus status, IReadOnlyList<PhoneNumber> numbers)
    {
        var found = await Task.WhenAll(numbers.Select(FindAsync));
        return found.Count(number => number?.Status == status);
    }

    /// <summary>Lets what is due be sent, and waits until it is settled.</summary>
    public async Task SettleAsync()
    {
        await _engine.SweepAsync();
        await _engine.IdleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _client.Dispose();
        _gauge.Dispose();
        await Host.DisposeAsync();
    }

    private static async Task WorkAsync(Reconciler process)
    {
        while (await process.StepAsync(CancellationToken.None) == TimeSpan.Zero)
        {
        }
    }
}
