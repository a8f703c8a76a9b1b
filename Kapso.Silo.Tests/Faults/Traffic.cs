using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Kapso.Engines.Orleans;

namespace Kapso.Silo.Tests.Faults;

/// <summary>
/// Customers who connect while something goes wrong, each delivery repeated until it is answered, as the platform does. In
/// the end each is there, each welcome was decided once, and each was sent under its one id.
/// </summary>
internal sealed class Traffic(RecordingRunner welcomes)
{
    private const string Project = "project";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<CustomerKey, string> _answered = new();
    private int _next;

    public int Answered => _answered.Count;

    /// <summary>Delivers for new customers, some at a time, until it is stopped or there are enough.</summary>
    public Task RunAsync(Func<ClusterEngine> engine, int customers, CancellationToken stop) => Task.WhenAll(
        Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested && Interlocked.Increment(ref _next) is var number && number <= customers)
                await ConnectAsync(engine, number);
        })));

    /// <summary>Lets what is open settle, then checks everything, customer by customer.</summary>
    public async Task AssertAsync(ClusterEngine engine, Func<Task> sweep)
    {
        Assert.NotEmpty(_answered);
        var open = _answered.Keys.ToHashSet();
        for (var watch = Stopwatch.StartNew(); open.Count > 0; await Task.Delay(100))
        {
            Assert.True(watch.Elapsed < Patience, $"{open.Count} of {_answered.Count} outboxes did not become empty, such as that of {open.FirstOrDefault()}.");
            await sweep();
            foreach (var key in open.ToList())
            {
                if (await engine.FindAsync(key, CancellationToken.None) is { Outbox.IsEmpty: true })
                    open.Remove(key);
            }
        }

        var sent = welcomes.Calls.ToLookup(call => call.Key, call => call.Effect.Id);
        foreach (var (key, phoneNumberId) in _answered)
        {
            var connection = await engine.FindAsync(key, CancellationToken.None);
            var number = Assert.Single(connection!.Numbers);
            Assert.Equal((phoneNumberId, NumberStatus.Connected), (number.PhoneNumberId, number.Status));
            Assert.Equal(EffectStatus.Done, number.Welcome?.Status);
            Assert.Equal(EffectIds.Welcome(key, phoneNumberId), Assert.Single(sent[key].Distinct()));
            Assert.Single(connection.Timeline, line => line.Outcome == Outcome.Applied && line.Proof);
            Assert.Equal(key, await engine.FindByNumberAsync(Project, phoneNumberId, CancellationToken.None));
        }
    }

    private async Task ConnectAsync(Func<ClusterEngine> engine, int number)
    {
        var key = new CustomerKey(Project, string.Create(CultureInfo.InvariantCulture, $"customer-{number}"));
        var news = new Observation
        {
            Kind = ObservationKind.Created,
            Source = Source.Webhook,
            Event = "whatsapp.phone_number.created",
            PhoneNumberId = string.Create(CultureInfo.InvariantCulture, $"{100_000_000_000_000 + number}"),
            ReceivedAt = TimeProvider.System.GetUtcNow(),
        };
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                await engine().ObserveAsync(key, news, CancellationToken.None);
                _answered[key] = news.PhoneNumberId!;
                return;
            }
            catch (EngineUnavailableException exception)
            {
                Assert.True(watch.Elapsed < Patience, $"{key} was not answered for a minute: {exception.Message}");
            }
        }
    }
}
