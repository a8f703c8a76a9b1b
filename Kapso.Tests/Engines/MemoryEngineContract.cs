using Kapso.Tests.Engines.Memory;

namespace Kapso.Tests.Engines;

/// <summary>The contract on the in-memory engine, as one of a cluster.</summary>
public sealed class MemoryEngineContract : EngineContract
{
    protected override async Task<EngineUnderTest> StartAsync(EngineSetup setup) =>
        await MemoryEngineUnderTest.StartAsync(setup, sole: false);
}

/// <summary>The contract on the in-memory engine, as the only process.</summary>
public sealed class SoleMemoryEngineContract : EngineContract
{
    protected override bool IsSole => true;

    protected override async Task<EngineUnderTest> StartAsync(EngineSetup setup) =>
        await MemoryEngineUnderTest.StartAsync(setup, sole: true);
}

internal sealed class MemoryEngineUnderTest : EngineUnderTest
{
    private readonly MemoryEngineOptions _options;
    private readonly MemoryStore _store;
    private MemoryEngine _engine;

    private MemoryEngineUnderTest(EngineSetup setup, bool sole)
        : base(setup)
    {
        _options = new MemoryEngineOptions
        {
            Time = setup.Time,
            Policy = setup.Policy,
            Runners = setup.Runners,
            Sole = sole,
            ParkedMaxCount = setup.ParkedMaxCount,
            AuditKeep = setup.AuditKeep,
        };
        _store = new MemoryStore(setup.Time);
        _engine = new MemoryEngine(_store, _options);
    }

    public override IConnectionEngine Engine => _engine;

    public static async Task<MemoryEngineUnderTest> StartAsync(EngineSetup setup, bool sole)
    {
        var engine = new MemoryEngineUnderTest(setup, sole);
        await engine._engine.StartAsync();
        return engine;
    }

    public override Task RestartAsync() => CrashAsync();

    public override async Task CrashAsync()
    {
        _engine.Crash();
        _engine = new MemoryEngine(_store, _options);
        await _engine.StartAsync();
    }

    public override Task NudgeAsync() => _engine.SweepAsync();

    public override ValueTask DisposeAsync() => _engine.DisposeAsync();
}
