namespace Kapso.Benchmarks.Servers;

/// <summary>A server on the loopback address, with warnings only.</summary>
internal static class LoopbackServer
{
    /// <summary>
    /// Serves until it is cancelled, which a signal to stop does too: the command line's handler of signals comes first, and
    /// waits for what it cancelled. <c>GET /alive</c> says that it is ready.
    /// </summary>
    public static async Task RunAsync(int port, Action<IEndpointRouteBuilder> map, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var app = builder.Build();
        app.MapGet("/alive", () => Results.Ok());
        map(app);
        await ((IHost)app).RunAsync(cancellation);
    }
}
