namespace Kapso.Benchmarks.Servers;

/// <summary>A server on the loopback address, with warnings only.</summary>
internal static class LoopbackServer
{
    /// <summary>Serves until the process is told to stop. <c>GET /alive</c> says that it is ready.</summary>
    public static async Task RunAsync(int port, Action<IEndpointRouteBuilder> map)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var app = builder.Build();
        app.MapGet("/alive", () => Results.Ok());
        map(app);
        await app.RunAsync();
    }
}
