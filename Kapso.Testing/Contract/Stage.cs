using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Testing.Contract;

/// <summary>An engine with a clock and an outside world, and words for the news that it gets.</summary>
public sealed class Stage : IAsyncDisposable
{
    public const string Project = "project";
    public const string PhoneNumberId = "123456789012345";

    /// <summary>How long anything that must happen may take, in real time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly EngineUnderTest _engine;

    private Stage(EngineUnderTest engine, EngineSetup setup)
    {
        _engine = engine;
        Time = setup.Time;
        Engine = new RoundTripEngine(() => _engine.Engine);
    }

    public static CustomerKey Customer1 { get; } = new(Project, "customer-1");

    public static CustomerKey Customer2 { get; } = new(Project, "customer-2");

    public FakeTimeProvider Time { get; }

    public IConnectionEngine Engine { get; }

    public required RecordingRunner Welcomes { get; init; }

    public required RecordingRunner Notifies { get; init; }

    public required RecordingRunner Confirms { get; init; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public static async Task<Stage> OpenAsync(
        Func<EngineSetup, Task<EngineUnderTest>> start, ConnectionPolicy policy, int parkedMaxCount = 10_000, int auditDays = 400)
    {
        var runners = new[] { EffectKind.Welcome, EffectKind.Notify, EffectKind.Confirm }
            .Select(kind => new RecordingRunner(kind)).ToArray();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var setup = new EngineSetup(time, _ => policy, runners) { ParkedMaxCount = parkedMaxCount, AuditKeep = TimeSpan.FromDays(auditDays) };
        return new Stage(await start(setup), setup) { Welcomes = runners[0], Notifies = runners[1], Confirms = runners[2] };
    }

    public Task RestartAsync() => _engine.RestartAsync();

    public Task CrashAsync() => _engine.CrashAsync();

    public Task AdvanceAsync(TimeSpan time) => _engine.AdvanceAsync(time);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    public Observation News(ObservationKind kind, string? phoneNumberId = PhoneNumberId) => new()
    {
        Kind = kind,
        Source = kind switch
        {
            ObservationKind.RedirectSucceeded or ObservationKind.SetupFailed => Source.Redirect,
            ObservationKind.ApiConnected or ObservationKind.ApiUnconfirmed or ObservationKind.ApiAbsent or ObservationKind.Named => Source.Api,
            ObservationKind.ClaimedElsewhere => Source.Service,
            _ => Source.Webhook,
        },
        Event = "test." + kind,
        PhoneNumberId = phoneNumberId,
        ReceivedAt = Now,
    };

    public Task<Receipt> ObserveAsync(CustomerKey key, ObservationKind kind, string? phoneNumberId = PhoneNumberId) =>
        Engine.ObserveAsync(key, News(kind, phoneNumberId), CancellationToken.None);

    public async Task<Connection> FindAsync(CustomerKey key)
    {
        var connection = await Engine.FindAsync(key, CancellationToken.None);
        Assert.NotNull(connection);
        return connection;
    }

    public async Task<Number> NumberAsync(CustomerKey key, string phoneNumberId = PhoneNumberId)
    {
        var number = (await FindAsync(key)).FindNumber(phoneNumberId);
        Assert.NotNull(number);
        return number;
    }

    /// <summary>Waits until something holds, and fails with what was awaited.</summary>
    public async Task EventuallyAsync(string what, Func<Task<bool>> holds)
    {
        for (var watch = Stopwatch.StartNew(); !await holds(); await Task.Delay(5))
        {
            Assert.True(watch.Elapsed < Patience, $"Waited {Patience.TotalSeconds} s in vain until {what}.");
            await _engine.NudgeAsync();
        }
    }

    public Task EventuallyAsync(string what, Func<bool> holds) => EventuallyAsync(what, () => Task.FromResult(holds()));

    public Task UntilAsync(CustomerKey key, string what, Func<Connection, bool> holds) =>
        EventuallyAsync(what, async () => await Engine.FindAsync(key, CancellationToken.None) is { } connection && holds(connection));

    public Task UntilWelcomeAsync(CustomerKey key, EffectStatus status, string phoneNumberId = PhoneNumberId) =>
        UntilAsync(key, $"the welcome of {key} is {status}", connection =>
            connection.FindNumber(phoneNumberId)?.Welcome?.Status == status);

    public Task UntilOutboxIsEmptyAsync(CustomerKey key) =>
        UntilAsync(key, $"the outbox of {key} is empty", connection => connection.Outbox.IsEmpty);

    /// <summary>Sends for another customer and waits until that is settled: what was due before has been claimed by then.</summary>
    public async Task FenceAsync()
    {
        var key = new CustomerKey(Project, "fence-" + Guid.NewGuid().ToString("n"));
        var phoneNumberId = Random.Shared.NextInt64(900_000_000_000_000, 999_999_999_999_999).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await Engine.AddLinkAsync(key, Link(key.CustomerId), CancellationToken.None);
        await ObserveAsync(key, ObservationKind.Gone, phoneNumberId);
        await UntilOutboxIsEmptyAsync(key);
        await _engine.NudgeAsync();
    }

    public SetupLink Link(string id) => new() { Id = id, State = "state-" + id, CreatedAt = Now };
}
