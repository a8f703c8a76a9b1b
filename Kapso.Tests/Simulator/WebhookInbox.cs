using System.Collections.Concurrent;
using Kapso.Tests.Platform;

namespace Kapso.Tests.Simulator;

/// <summary>Takes deliveries on a free port, keeps them, and answers as it is told.</summary>
internal sealed class WebhookInbox : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly WebApplication _app;
    private readonly SemaphoreSlim _arrived = new(0);

    private WebhookInbox(WebApplication app) => _app = app;

    public Uri Url => new(_app.AddressOfServer() + "/webhooks/project");

    public ConcurrentQueue<ReceivedRequest> Received { get; } = [];

    /// <summary>The status that is answered from now on.</summary>
    public int Answer { get; set; } = 200;

    public static async Task<WebhookInbox> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var inbox = new WebhookInbox(builder.Build());
        inbox._app.MapPost("/webhooks/project", inbox.TakeAsync);
        await inbox._app.StartAsync();
        return inbox;
    }

    /// <summary>Waits for the next delivery.</summary>
    public async Task<ReceivedRequest> NextAsync()
    {
        Assert.True(await _arrived.WaitAsync(Patience), $"A delivery was expected within {Patience.TotalSeconds} s.");
        return Received.ElementAt(_taken++);
    }

    private int _taken;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Received.Enqueue(new ReceivedRequest("POST", headers, body.ToArray()));
        var answer = Answer;
        _arrived.Release();
        return Results.StatusCode(answer);
    }
}
