using System.Collections.Concurrent;
using System.Net;

namespace Kapso.Tests.Crash;

/// <summary>
/// The real process under load, killed again and again at random moments: what was answered 200 is there afterwards,
/// every welcome reached a real receiver, and every number has one.
/// </summary>
[Long]
[Collection(RunsAlone.Name)]
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Kills = 20;
    private const int Senders = 16;
    private const int Parallelism = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Killed_at_random_moments_under_load_it_loses_nothing_and_welcomes_each_number_once()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("kapso-crash-");
        using var patience = new CancellationTokenSource(Patience);
        await using var receiver = await WelcomeReceiver.StartAsync();
        var settings = CrashProject.Settings(receiver.Address, Parallelism);
        settings["Kapso:Store:Path"] = Path.Combine(folder.FullName, "kapso.db");

        // Deliveries that were not answered are sent again with the same key, as the platform does.
        var waiting = new ConcurrentQueue<Delivery>();
        var answered = new ConcurrentBag<Delivery>();
        var numbers = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var service = await ServiceProcess.StartAsync("Kapso.Embedded.dll", settings, patience.Token);
            using var stop = new CancellationTokenSource();
            var goal = answered.Count + random.Next(1, 250);
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var senders = Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
            {
                using var client = new HttpClient { BaseAddress = service.Address };
                while (!stop.IsCancellationRequested)
                {
                    if (!waiting.TryDequeue(out var delivery))
                        delivery = Delivery.New(Interlocked.Increment(ref numbers));
                    if (!await AnsweredAsync(client, delivery))
                    {
                        waiting.Enqueue(delivery);
                        return;
                    }

                    answered.Add(delivery);
                    if (answered.Count >= goal)
                        reached.TrySetResult();
                }
            })).ToArray();

            await Task.WhenAny(reached.Task, Task.WhenAll(senders)).WaitAsync(patience.Token);
            Assert.True(reached.Task.IsCompleted, $"The senders ended before kill {kill + 1}:\n{service.Output}");
            await service.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(senders);
        }

        await using var last = await ServiceProcess.StartAsync("Kapso.Embedded.dll", settings, patience.Token);
        using var operations = CrashProject.Operator(last.Address);
        while (waiting.TryDequeue(out var delivery))
        {
            Assert.True(await AnsweredAsync(operations, delivery), "A delivery was refused after the last start.");
            answered.Add(delivery);
        }

        var welcomes = new HashSet<string>();
        foreach (var delivery in answered)
            welcomes.Add(await WelcomeDoneAsync(operations, delivery, patience.Token));

        output.WriteLine($"{answered.Count} deliveries, {receiver.Received} welcomes received, {receiver.Received - welcomes.Count} repeats");
        Assert.Equal(answered.Count, welcomes.Count);
        Assert.Equal(welcomes.Order(), receiver.Ids.Keys.Order());
        Assert.InRange(receiver.Received - welcomes.Count, 0, Kills * Parallelism);
        Assert.Empty(await CrashProject.ListAsync(operations, "effects?status=held"));
        Assert.Empty(await CrashProject.ListAsync(operations, "effects?status=dead"));

        await last.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>True for a 200; false where the service died before it answered. Any other answer fails the test.</summary>
    private static async Task<bool> AnsweredAsync(HttpClient client, Delivery delivery)
    {
        var status = await CrashProject.SendAsync(client, delivery);
        Assert.True(status is null or HttpStatusCode.OK, $"A 200 was expected, and {status} came.");
        return status is not null;
    }

    /// <summary>Waits until the customer's one number is connected and its welcome done; returns the welcome's id.</summary>
    private static async Task<string> WelcomeDoneAsync(HttpClient client, Delivery delivery, CancellationToken cancellationToken)
    {
        while (true)
        {
            var connection = await CrashProject.FindAsync(client, delivery, cancellationToken);
            Assert.True(connection is not null, $"{delivery} was answered 200 and is not there.");
            if (CrashProject.WelcomeDone(connection.Value, delivery) is { } id)
                return id;
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }
}
