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

    [Fact]
    public async Task What_the_engine_did_not_take_is_tried_again_soon_and_as_long_as_it_takes_nothing()
    {
        var tries = 0;
        await using var host = await WebHost.StartAsync(
            limits: WebHost.Patient with { ReplayRetry = TimeSpan.FromMilliseconds(20) });
        host.Engine.Before = (method, _) => method != nameof(IConnectionEngine.ObserveAsync)
            ? Task.CompletedTask
            : Interlocked.Increment(ref tries) > 0 ? throw new EngineUnavailableException("The test's engine is down.") : Task.CompletedTask;
        using var parked = await host.SendWebhookAsync(WebHost.FlatBody());

        var from = Volatile.Read(ref tries);
        await WebHost.UntilAsync("it is tried again some times", () => Task.FromResult(Volatile.Read(ref tries) > from + 5));
        host.Engine.Recover();

        await WebHost.UntilAsync("the delivery is folded in", () => IsFoldedInAsync(host, WebHost.Customer));
    }

    [Fact]
    public async Task Customers_whom_the_engine_never_answers_for_keep_no_other_waiting()
    {
        await using var host = await WebHost.StartAsync(
            limits: WebHost.Patient with { ReplayInterval = TimeSpan.FromMilliseconds(20), ReplayRetry = TimeSpan.FromMilliseconds(20) });
        string[] refused = ["one", "two", "three", "four", "five", "six", "seven"];
        host.Engine.Refuses = _ => true;
        foreach (var customer in refused.Append("last"))
        {
            using var parked = await host.SendWebhookAsync(WebHost.FlatBody($"number-of-{customer}", customer));
        }

        host.Engine.Refuses = key => refused.Contains(key.CustomerId);

        await WebHost.UntilAsync("the last delivery is folded in, and no other", async () =>
            await IsFoldedInAsync(host, "last")
            && (await host.Engine.ListParkedAsync(WebHost.Project, null, 10, CancellationToken.None)).Items.Count == refused.Length);
    }

    private static async Task<bool> IsFoldedInAsync(WebHost host, string customer) =>
        await host.Engine.FindAsync(new CustomerKey(WebHost.Project, customer), CancellationToken.None) is not null;
}
