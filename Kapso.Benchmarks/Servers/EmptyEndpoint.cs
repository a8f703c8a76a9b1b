namespace Kapso.Benchmarks.Servers;

/// <summary>An ASP.NET Core endpoint that reads nothing and answers 200: what the framework alone can do here.</summary>
internal static class EmptyEndpoint
{
    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var app = builder.Build();
        app.MapPost("/webhooks/project/{project}", () => Results.Ok());
        app.MapGet("/alive", () => Results.Ok());
        await app.RunAsync();
    }
}
