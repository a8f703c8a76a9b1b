using System.Collections.Concurrent;
using System.Net;
using Kapso.Silo.Tests.Clusters;

namespace Kapso.Silo.Tests.Processes;

/// <summary>
/// Two silos, the API and Redis as real processes under load, any of them killed again and again at random moments: what
/// was answered 200 is there afterwards, every welcome reached a real receiver, and every number has one.
/// </summary>
public sealed class ClusterCrashTests(ITestOutputHelper output)
{
    private const int Senders = 8;
    private const int Parallelism = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private readonly ConcurrentQueue<Delivery> _waiting = new();
    private readonly ConcurrentBag<Delivery> _answered = [];
    private readonly ConcurrentBag<HttpStatusCode> _refused = [];
    private long _numbers;

    [Fact]
    public Task Whatever_is_killed_under_load_nothing_is_lost_and_each_number_is_welcomed_once() =>
        KillUnderLoadAsync(RedisProgram.RedisServer(), kills: 20);

    [Fact]
    public async Task On_Garnet_nothing_is_lost_either() => await KillUnderLoadAsync(await Garnet.GetAsync(), kills: 8);

    private async Task KillUnderLoadAsync(RedisProgram redis, int kills)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var patience = new CancellationTokenSource(Patience);
        await using var receiver = await WelcomeReceiver.StartAsync();
        await using var service = await ServiceProcesses.StartAsync(redis, CrashProject.Settings(receiver.Address, Parallelism), patience.Token);

        using (var stop = new CancellationTokenSource())
        {
            var senders = Enumerable.Range(0, Senders).Select(_ => Task.Run(() => SendAsync(service.Api, stop.Token))).ToArray();
            for (var kill = 0; kill < kills; kill++)
            {
                await UntilAnsweredAsync(_answered.Count + random.Next(1, 100), service, patience.Token);

                // Each of them is killed at least once, the others at random.
                var part = kill < 4 ? (Part)kill : (Part)random.Next(4);
                await service.ReplaceAsync(part, patience.Token);
            }

            await stop.CancelAsync();
            await Task.WhenAll(senders);
        }

        using var operations = CrashProject.Operator(service.Api);
        while (_waiting.TryDequeue(out var delivery))
            await UntilTakenAsync(operations, delivery, patience.Token);

        var welcomes = new HashSet<string>();
        foreach (var delivery in _answered)
            welcomes.Add(await UntilWelcomedAsync(operations, delivery, patience.Token));

        output.WriteLine($"{_answered.Count} deliveries, {receiver.Received} welcomes received, {receiver.Received - welcomes.Count} repeats, "
            + $"{_refused.Count} refused and sent again");
        Assert.All(_refused, status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
        Assert.Equal(_answered.Count, welcomes.Count);
        Assert.Equal(welcomes.Order(), receiver.Ids.Keys.Order());
        Assert.Empty(await CrashProject.ListAsync(operations, "effects?status=held"));
        Assert.Empty(await CrashProject.ListAsync(operations, "effects?status=dead"));
        while ((await CrashProject.ListAsync(operations, "parked")).Length > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(500), patience.Token);
    }

    /// <summary>Sends as the platform does: what was not answered 200 is sent again with the same key.</summary>
    private async Task SendAsync(Uri api, CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = api };
        while (!stop.IsCancellationRequested)
        {
            if (!_waiting.TryDequeue(out var delivery))
                delivery = Delivery.New(Interlocked.Increment(ref _numbers));
            if (await TakenAsync(client, delivery))
                continue;
            _waiting.Enqueue(delivery);
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }
    }

    private async Task<bool> TakenAsync(HttpClient client, Delivery delivery)
    {
        var status = await CrashProject.SendAsync(client, delivery);
        if (status == HttpStatusCode.OK)
            _answered.Add(delivery);
        else if (status is { } refused)
            _refused.Add(refused);
        return status == HttpStatusCode.OK;
    }

    private async Task UntilTakenAsync(HttpClient client, Delivery delivery, CancellationToken cancellationToken)
    {
        while (!await TakenAsync(client, delivery))
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
    }

    private async Task UntilAnsweredAsync(int goal, ServiceProcesses service, CancellationToken cancellationToken)
    {
        while (_answered.Count < goal)
        {
            Assert.False(cancellationToken.IsCancellationRequested, $"{goal} answers were awaited and {_answered.Count} came:\n{service.Output()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }
    }

    private static async Task<string> UntilWelcomedAsync(HttpClient client, Delivery delivery, CancellationToken cancellationToken)
    {
        while (true)
        {
            // A parked delivery's customer is there once it is replayed.
            if (await CrashProject.FindAsync(client, delivery, cancellationToken) is { } connection
                && CrashProject.WelcomeDone(connection, delivery) is { } id)
                return id;
            Assert.False(cancellationToken.IsCancellationRequested, $"{delivery} was answered 200 and is not welcomed.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
    }
}
