using System.Collections.Concurrent;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Effects;
using Kapso.Platform.Receivers;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kapso.Tests.Platform;

/// <summary>
/// The company's application with a path for each lane on one host and port, and the runners that send to it. A path that
/// hangs answers once it is let go.
/// </summary>
internal sealed class LaneReceiver : IAsyncDisposable
{
    /// <summary>How long it may take to answer.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new();
    private StandardWebhookSender _sender = null!;
    private RequestBudget _budget = null!;
    private PlatformClients _clients = null!;

    private LaneReceiver(WebApplication application) => _application = application;

    /// <summary>The paths of the requests that came, in their order.</summary>
    public ConcurrentQueue<string> Came { get; } = [];

    public IEffectRunner Welcome { get; private set; } = null!;

    public IEffectRunner Notify { get; private set; } = null!;

    public static async Task<LaneReceiver> StartAsync(int parallelism, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new LaneReceiver(builder.Build());
        receiver._application.MapPost("/{path}", receiver.TakeAsync);
        await receiver._application.StartAsync();
        receiver.Connect(parallelism, time);
        return receiver;
    }

    /// <summary>Has requests for a path wait from now on, and answers those that have waited.</summary>
    public void Hold(string path)
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held.TryGetValue(path, out var waited);
        _held[path] = next;
        waited?.SetResult();
    }

    /// <summary>Answers those that wait, and whatever comes.</summary>
    public void LetGo(string path) => _held[path].SetResult();

    /// <summary>Waits until so many requests came for a path.</summary>
    public Task ForAsync(string path, int count) =>
        Wait.ForAsync(() => Came.Count(one => one == path) == count, $"{count} requests for {path}");

    public Task<EffectResult> SendAsync(string path) => path == "welcome"
        ? Welcome.RunAsync(Claimed.Welcome(), CancellationToken.None)
        : Notify.RunAsync(Claimed.Notify(NotifyType.Connected), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var held in _held.Values)
            held.TrySetResult();
        _sender.Dispose();
        _clients.Dispose();
        _budget.Dispose();
        await _application.DisposeAsync();
    }

    private async Task TakeAsync(string path)
    {
        Came.Enqueue(path);
        if (_held.TryGetValue(path, out var held))
            await held.Task;
    }

    private void Connect(int parallelism, TimeProvider time)
    {
        var address = new Uri(_application.AddressOfServer());
        ReceiverOptions At(string path) => new() { Url = new Uri(address, path), Secret = Runners.Secret, Timeout = Timeout };
        var options = Options.Create(new KapsoOptions
        {
            Welcome = new WelcomeOptions { Flow = WelcomeFlow.Callback, Callback = At("welcome") },
            Notify = new NotifyOptions { Url = new Uri(address, "notify"), Secret = Runners.Secret, Timeout = Timeout },
            Outbox = { Parallelism = parallelism },
        });
        _sender = new StandardWebhookSender(options, time, NullLogger<StandardWebhookSender>.Instance);
        _budget = new RequestBudget(new ProcessMinute(100, time), time);
        _clients = new PlatformClients(options, _budget, time, NullLogger<PlatformClients>.Instance);
        Welcome = new WelcomeRunner(options, _sender, _clients, time, NullLogger<WelcomeRunner>.Instance);
        Notify = new NotifyRunner(new ReceiverDirectory(options, new ReceiverBooks(), time), _sender);
    }
}
