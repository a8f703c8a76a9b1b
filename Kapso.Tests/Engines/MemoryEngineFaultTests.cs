using Kapso.Tests.Engines.Memory;
using Microsoft.Extensions.Time.Testing;
using static Kapso.Testing.Contract.Stage;

namespace Kapso.Tests.Engines;

/// <summary>
/// One failure at each write of a story, one after the other: whatever was answered is there afterwards, in the records
/// and in every index, and each welcome was decided once.
/// </summary>
public sealed class MemoryEngineFaultTests
{
    private const string SecondNumber = "222222222222222";

    [Theory]
    [InlineData(WriteFault.Fails)]
    [InlineData(WriteFault.LandsLater)]
    [InlineData(WriteFault.LandsThenThrows)]
    [InlineData(WriteFault.CrashBefore)]
    [InlineData(WriteFault.CrashAfter)]
    public async Task A_failure_at_any_write_loses_nothing_and_doubles_nothing(WriteFault fault)
    {
        var positions = 0;
        for (var struck = true; struck; positions++)
        {
            await using var story = new Story(fault, positions + 1);
            await story.PlayAsync();
            struck = story.Struck;
        }

        Assert.True(positions > 20, $"The story has more than 20 writes; {positions} were made to fail.");
    }

    private sealed class Story : IAsyncDisposable
    {
        private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        private readonly RecordingRunner[] _runners = [new(EffectKind.Welcome), new(EffectKind.Notify)];
        private readonly MemoryStore _store;
        private readonly string _what;
        private MemoryEngine _engine;

        public Story(WriteFault fault, int position)
        {
            _what = $"{fault} at write {position}: ";
            _store = new MemoryStore(_time)
            {
                Fault = write =>
                {
                    Struck |= write.Position == position;
                    return write.Position == position ? fault : WriteFault.None;
                },
            };
            _engine = Make();
        }

        public bool Struck { get; private set; }

        public async Task PlayAsync()
        {
            var link = new SetupLink { Id = "link", State = "state-link", CreatedAt = _time.GetUtcNow() };
            await DeliverAsync(engine => engine.AddLinkAsync(Customer1, link, CancellationToken.None));
            await DeliverAsync(engine => engine.HoldHintAsync(Project, News(ObservationKind.RedirectSucceeded, SecondNumber), CancellationToken.None));
            await ObserveAsync(Customer1, News(ObservationKind.RedirectSucceeded, PhoneNumberId) with { State = link.State, SetupLinkId = "platform-link" });
            await ObserveAsync(Customer1, News(ObservationKind.Created, PhoneNumberId));
            await ObserveAsync(Customer1, News(ObservationKind.Created, SecondNumber));
            await ObserveAsync(Customer2, News(ObservationKind.Created, PhoneNumberId));
            _time.Advance(TimeSpan.FromMinutes(1));
            await ObserveAsync(Customer1, News(ObservationKind.Gone, SecondNumber));

            await SettleAsync();
            await AssertAsync();
        }

        public ValueTask DisposeAsync() => _engine.DisposeAsync();

        private static Observation News(ObservationKind kind, string phoneNumberId, DateTimeOffset at) => new()
        {
            Kind = kind,
            Source = kind == ObservationKind.RedirectSucceeded ? Source.Redirect : Source.Webhook,
            Event = "test." + kind,
            PhoneNumberId = phoneNumberId,
            ReceivedAt = at,
        };

        private Observation News(ObservationKind kind, string phoneNumberId) => News(kind, phoneNumberId, _time.GetUtcNow());

        private MemoryEngine Make() => new(_store, new MemoryEngineOptions
        {
            Time = _time,
            Policy = _ => new ConnectionPolicy { Notifies = true },
            Runners = _runners,
        });

        private Task ObserveAsync(CustomerKey key, Observation news) =>
            DeliverAsync(engine => engine.ObserveAsync(key, news, CancellationToken.None));

        /// <summary>Delivers, as the platform does, until it is answered.</summary>
        private async Task DeliverAsync(Func<MemoryEngine, Task> deliver)
        {
            for (var tries = 0; ; tries++)
            {
                await RecoverAsync();
                try
                {
                    await deliver(_engine);
                    await _engine.IdleAsync();
                    return;
                }
                catch (EngineUnavailableException) when (tries < 3)
                {
                    // Not answered: it comes again.
                    await _engine.IdleAsync();
                }
            }
        }

        private async Task RecoverAsync()
        {
            for (var tries = 0; _engine.HasEnded && tries < 3; tries++)
            {
                _engine = Make();
                try
                {
                    await _engine.StartAsync();
                }
                catch (EngineUnavailableException)
                {
                    // The failure struck the start; what it left is taken up by the sweep.
                }
            }
        }

        /// <summary>Lets leases lapse and effects be sent until nothing waits.</summary>
        private async Task SettleAsync()
        {
            for (var rounds = 0; rounds < 2_000; rounds++)
            {
                await RecoverAsync();
                var (one, two) = await ReadAsync();
                if (one.Outbox.IsEmpty && two.Outbox.IsEmpty)
                    return;
                _time.Advance(TimeSpan.FromSeconds(1));
                try
                {
                    await _engine.SweepAsync();
                }
                catch (EngineUnavailableException)
                {
                    // The next sweep finds it.
                }

                await _engine.IdleAsync();
            }

            var (last1, last2) = await ReadAsync();
            Assert.Fail($"{_what}still waiting: {string.Join(", ", last1.Outbox.Concat(last2.Outbox))}");
        }

        private async Task<(Connection One, Connection Two)> ReadAsync()
        {
            var one = await _engine.FindAsync(Customer1, CancellationToken.None);
            var two = await _engine.FindAsync(Customer2, CancellationToken.None);
            Assert.True(one is not null && two is not null, _what + "an answered delivery left no connection.");
            return (one, two);
        }

        private async Task AssertAsync()
        {
            var (one, two) = await ReadAsync();
            var (first, second) = (one.FindNumber(PhoneNumberId), one.FindNumber(SecondNumber));
            Holds(first is { Status: NumberStatus.Connected, DisputedAt: not null }, "Customer 1 keeps the number that Customer 2 claims, disputed");
            Holds(second is { Status: NumberStatus.Gone }, "Customer 1's second number is gone");
            Holds(second!.Sources == (NumberSources.Webhook | NumberSources.Redirect), "the unclaimed hint was folded in");
            Holds(two.FindNumber(PhoneNumberId) is { Status: NumberStatus.Connected, DisputedAt: null }, "Customer 2's number is connected");
            Holds(one.SetupLinks is [{ Status: SetupLinkStatus.Completed, PlatformId: "platform-link" }], "the link is completed");
            Holds(await _engine.FindByStateAsync("state-link", CancellationToken.None) == Customer1, "the state finds Customer 1");
            Holds(await _engine.FindByLinkAsync(Project, "platform-link", CancellationToken.None) == Customer1, "the link finds Customer 1");
            Holds(await _engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None) == Customer2, "the number finds Customer 2");
            Holds(await _engine.FindByNumberAsync(Project, SecondNumber, CancellationToken.None) == Customer1, "the second number finds Customer 1");

            string[] welcomes =
            [
                EffectIds.Welcome(Customer1, PhoneNumberId), EffectIds.Welcome(Customer1, SecondNumber), EffectIds.Welcome(Customer2, PhoneNumberId),
            ];
            var sent = _runners[0].Calls.Select(call => call.Effect.Id).ToList();
            Holds(sent.Distinct().Order().SequenceEqual(welcomes.Order()), "each welcome was sent");
            Holds(sent.Count <= welcomes.Length + 1, $"one failure repeats at most one send, not {sent.Count}");
            Holds(one.Numbers.Concat(two.Numbers).All(number => number.Welcome?.Status == EffectStatus.Done), "each welcome is done");
            Holds(one.Sequence == 4 && two.Sequence == 1, $"each change is told once, not {one.Sequence} and {two.Sequence}");
        }

        private void Holds(bool condition, string what) => Assert.True(condition, $"{_what}expected that {what}.");
    }
}
