using Kapso.Connections.Webhooks;

namespace Kapso.Tests.Web;

public sealed class ParkedReplayTests
{
    [Fact]
    public async Task A_body_that_waits_for_its_number_is_read_once_however_often_it_is_looked_at_and_again_when_it_is_folded_in()
    {
        var (passes, bodies) = (0, 0);
        await using var host = await WebHost.StartAsync(
            limits: WebHost.Patient with { ReplayInterval = TimeSpan.FromMilliseconds(20) });
        host.Engine.Before = (method, _) =>
        {
            if (method == nameof(IConnectionEngine.ListParkedAsync))
                Interlocked.Increment(ref passes);
            if (method == nameof(IConnectionEngine.FindParkedAsync))
                Interlocked.Increment(ref bodies);
            return Task.CompletedTask;
        };
        using var parked = await host.SendWebhookAsync(WebHost.FlatBody(customer: null));
        await host.Engine.ParkAsync(
            new ParkedDelivery
            {
                Id = "00001",
                ProjectId = WebHost.Project,
                Reason = ParkedReason.Malformed,
                ReceivedAt = TimeProvider.System.GetUtcNow(),
                Body = "{"u8.ToArray(),
            },
            CancellationToken.None);

        var from = Volatile.Read(ref passes);
        await WebHost.UntilAsync("some passes are over", () => Task.FromResult(Volatile.Read(ref passes) > from + 5));
        Assert.Equal(1, Volatile.Read(ref bodies));

        using var known = await host.SendWebhookAsync(WebHost.FlatBody());
        await WebHost.UntilAsync("the delivery is folded in", async () =>
            (await host.Engine.ListParkedAsync(WebHost.Project, null, 10, CancellationToken.None)).Items is [{ Id: "00001" }]);
        Assert.Equal(2, Volatile.Read(ref bodies));
    }
}
