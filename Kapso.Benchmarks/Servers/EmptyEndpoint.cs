namespace Kapso.Benchmarks.Servers;

/// <summary>An ASP.NET Core endpoint that reads nothing and answers 200: what the framework alone can do here.</summary>
internal static class EmptyEndpoint
{
    public static Task RunAsync(int port, CancellationToken cancellation) =>
        LoopbackServer.RunAsync(port, routes => routes.MapPost("/webhooks/project/{project}", () => Results.Ok()), cancellation);
}
