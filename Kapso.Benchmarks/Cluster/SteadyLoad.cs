using Kapso.Benchmarks.Load;
using Kapso.Benchmarks.Scenarios;

namespace Kapso.Benchmarks.Cluster;

/// <summary>A certain number of new connections, sent at a steady rate.</summary>
internal static class SteadyLoad
{
    private const int Connections = 64;
    private const double PerSecond = 1_000;

    /// <summary>Sends them; returns when each is answered.</summary>
    /// <exception cref="BenchmarkException">One of them was not answered 200.</exception>
    public static async Task SendAsync(Target target, int count, CancellationToken cancellation)
    {
        using var deliveries = new Deliveries(Scenario.New, target.Webhook, target.Credentials);
        using var generator = new LoadGenerator(
            await target.ResolveAsync(cancellation), Connections, deliveries, StatusCodes.Status200OK);
        deliveries.SignAhead(count);
        var load = generator.Run(TimeSpan.FromSeconds(count / PerSecond), PerSecond, cancellation);
        if (load.ErrorCount > 0 || load.Answered != count)
        {
            throw new BenchmarkException($"{count} deliveries were sent, and {load.Answered} of them were answered 200.");
        }
    }
}
