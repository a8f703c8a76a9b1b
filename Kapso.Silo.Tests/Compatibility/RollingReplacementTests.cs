using System.Collections.Concurrent;
using System.Net;
using Kapso.Silo.Tests.Processes;

namespace Kapso.Silo.Tests.Compatibility;

/// <summary>A cluster whose processes are replaced one after the other by those of another version, while deliveries come.</summary>
[Collection(WithEarlierVersion.Name)]
public sealed class RollingReplacementTests(EarlierVersion earlier)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [HistoryTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_delivery_is_taken_and_each_number_is_welcomed_once(bool movesUp)
    {
        var (before, after) = movesUp ? (earlier.Hosts, Hosts.Today) : (Hosts.Today, earlier.Hosts);
        using var patience = new CancellationTokenSource(Patience);
        await using var receiver = await WelcomeReceiver.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var cluster = await ServiceProcesses.StartAsync(
            redis,
            new ServicePrograms([before.Silo, before.Silo], [before.Api, before.Api]),
            CrashProject.Settings(receiver.Address, parallelism: 8),
            patience.Token);
        using var load = new Load(cluster.Apis);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var sending = load.SendAsync(enough.Token);
        await load.UntilAnsweredAsync(50);

        // As docs/deployment.md says: the silos one after the other, then the API, of which what distributes requests leaves one out.
        foreach (var silo in (int[])[0, 1])
        {
            await cluster.ReplaceSiloAsync(silo, after.Silo, patience.Token);
            await load.UntilAnsweredAsync(50);
        }

        foreach (var api in (int[])[0, 1])
        {
            await load.LeaveOutAsync(api);
            await cluster.ReplaceApiAsync(api, after.Api, patience.Token);
            load.TakeIn(api);
            await load.UntilAnsweredAsync(50);
        }

        await enough.CancelAsync();
        await sending;
        using var client = CrashProject.Operator(cluster.Api);
        await Parallel.ForEachAsync(load.Answered, patience.Token, async (delivery, stop) => await Wait.ForAsync(
            async () => await CrashProject.FindAsync(client, delivery, stop) is { } connection && CrashProject.WelcomeDone(connection, delivery) is not null,
            $"{delivery.CustomerId} to be connected and welcomed"));
        Assert.Empty(await CrashProject.ListAsync(client, "parked"));
        Assert.Equal(load.Answered.Count, receiver.Ids.Count);
    }

    /// <summary>
    /// Sends a delivery of a new customer every 50 ms, to one API after the other; again, as the platform does, where it is answered 503,
    /// as by processes that a busy machine keeps from answering in time.
    /// </summary>
    private sealed class Load(IReadOnlyList<Uri> apis) : IDisposable
    {
        private readonly HttpClient[] _clients = [.. apis.Select(CrashProject.Operator)];
        private readonly bool[] _leftOut = new bool[apis.Count];
        private readonly ConcurrentDictionary<Task, bool> _flying = [];
        private long _number;

        /// <summary>What was answered 200.</summary>
        public ConcurrentBag<Delivery> Answered { get; } = [];

        public async Task SendAsync(CancellationToken stop)
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (!stop.IsCancellationRequested)
            {
                var api = (int)(_number++ % _clients.Length);
                var sent = UntilTakenAsync(api, Delivery.New(_number));
                _flying[sent] = true;
                await pace.WaitForNextTickAsync(CancellationToken.None);
            }

            await Task.WhenAll(_flying.Keys);
        }

        /// <summary>Waits until so many more were answered.</summary>
        public Task UntilAnsweredAsync(int more)
        {
            var wanted = Answered.Count + more;
            return Wait.ForAsync(() => Answered.Count >= wanted, $"{more} more deliveries to be answered");
        }

        /// <summary>Sends nothing more to an API; returns when all that was sent is answered.</summary>
        public async Task LeaveOutAsync(int api)
        {
            _leftOut[api] = true;
            await Task.WhenAll(_flying.Keys);
        }

        public void TakeIn(int api) => _leftOut[api] = false;

        public void Dispose() => Array.ForEach(_clients, client => client.Dispose());

        private async Task UntilTakenAsync(int api, Delivery delivery)
        {
            while (await CrashProject.SendAsync(_clients[_leftOut[api] ? 1 - api : api], delivery) is var status && status != HttpStatusCode.OK)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
                await Task.Delay(TimeSpan.FromSeconds(1));
            }

            Answered.Add(delivery);
        }
    }
}
