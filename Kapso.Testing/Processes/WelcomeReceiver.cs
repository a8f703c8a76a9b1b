using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Kapso.Testing.Processes;

/// <summary>The company's application: takes welcomes over real HTTP and deduplicates by <c>webhook-id</c>.</summary>
internal sealed class WelcomeReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _received;

    private WelcomeReceiver(WebApplication app) => _app = app;

    /// <summary>Effects by id, each with how often it was sent.</summary>
    public ConcurrentDictionary<string, int> Ids { get; } = new();

    /// <summary>The last <c>traceparent</c> that an effect was sent with, by its id.</summary>
    public ConcurrentDictionary<string, string> TraceParents { get; } = new();

    public int Received => Volatile.Read(ref _received);

    public Uri Address { get; private set; } = null!;

    public static async Task<WelcomeReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WelcomeReceiver(builder.Build());
        receiver._app.MapPost("/welcome", receiver.Take);
        await receiver._app.StartAsync();
        var addresses = receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        receiver.Address = new Uri(new Uri(addresses.Addresses.Single()), "/welcome");
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IResult Take(HttpRequest request)
    {
        Interlocked.Increment(ref _received);
        var id = request.Headers["webhook-id"].ToString();
        TraceParents[id] = request.Headers.TraceParent.ToString();
        Ids.AddOrUpdate(id, 1, (_, count) => count + 1);
        return Results.Ok();
    }
}
