using Kapso.Benchmarks.Load;
using Kapso.Benchmarks.Targets;

namespace Kapso.Benchmarks.Cluster;

/// <summary>A certain number of new connections, sent at a steady rate.</summary>
internal static class SteadyLoad
{
    private const int Connections = 64;

    /// <summary>Sends them; returns when each is answered.</summary>
    /// <exception cref="BenchmarkException">One of them was not answered 200.</exception>
    public static async Task SendAsync(
        Target target, int count, double perSecond, CancellationToken cancellation)
    {
        using var deliveries = new Deliveries(
            DeliveryForm.Distinct, target.Webhook, target.Credentials.ProjectId, target.Credentials.WebhookSecret);
        using var generator = new LoadGenerator(
            await target.ResolveAsync(cancellation), Connections, deliveries, StatusCodes.Status200OK);
        deliveries.SignAhead(count);
        var load = generator.Run(new Pace(perSecond, TimeSpan.FromSeconds(count / perSecond)), cancellation);
        if (load.ErrorCount > 0 || load.Answered != count)
        {
            throw new BenchmarkException($"{count} deliveries were sent, and {load.Answered} of them were answered 200.");
        }
    }
}
