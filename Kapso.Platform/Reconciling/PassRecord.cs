using Kapso.Connections.Reconciling;

namespace Kapso.Platform.Reconciling;

/// <summary>Where one project's reconciliation stands, as this process reads and writes it.</summary>
/// <param name="engine">Keeps it.</param>
/// <param name="projectId">The project.</param>
/// <param name="holder">This process.</param>
/// <param name="time">The clock of leases.</param>
internal sealed class PassRecord(IConnectionEngine engine, string projectId, string holder, TimeProvider time)
{
    /// <summary>Writes in a row that others may overtake; each of them got something done.</summary>
    private const int MaxConflicts = 20;

    public string ProjectId => projectId;

    public Task<Reconciliation> ReadAsync(CancellationToken cancellationToken) =>
        engine.ReadReconciliationAsync(projectId, cancellationToken);

    /// <summary>When the store took another one's place; null where it did not, or a person has accepted it.</summary>
    public Task<DateTimeOffset?> FindReplacementAsync(CancellationToken cancellationToken) =>
        engine.FindReplacementAsync(projectId, cancellationToken);

    /// <summary>Takes somebody's word that the store is as it is to be; false where there is nothing to accept.</summary>
    public Task<bool> AcceptStoreAsync(string by, CancellationToken cancellationToken) =>
        engine.AcceptStoreAsync(projectId, by, cancellationToken);

    /// <summary>Whether somebody else works at the pass; until when, unless they say so again.</summary>
    public bool IsTaken(ReconciliationPass pass, out DateTimeOffset until)
    {
        until = pass.Lease?.Until ?? default;
        return pass.Lease?.Holder != holder && !Passes.IsFree(pass, time.GetUtcNow());
    }

    /// <summary>Begins a pass or takes one over; null where somebody else works at one.</summary>
    public async Task<ReconciliationPass?> BeginAsync(CancellationToken cancellationToken) =>
        (await ChangeAsync(known => Passes.Begin(known, holder, time.GetUtcNow()), cancellationToken))?.Running;

    /// <summary>Goes on with the pass and with its lease.</summary>
    /// <exception cref="PassLostException">Somebody else has taken it over.</exception>
    public async Task<ReconciliationPass> AdvanceAsync(
        Func<ReconciliationPass, ReconciliationPass> change, CancellationToken cancellationToken) =>
        (await ChangeAsync(known => Passes.Advance(known, holder, change, time.GetUtcNow()), cancellationToken))?.Running
        ?? throw new PassLostException();

    /// <summary>Ends the pass; null where it is not ours any more.</summary>
    public async Task<ReconciliationReport?> EndAsync(string? error, CancellationToken cancellationToken) =>
        (await ChangeAsync(known => Passes.End(known, holder, error, time.GetUtcNow()), cancellationToken))?.Last;

    /// <summary>Leaves the pass to whoever comes next.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) =>
        ChangeAsync(known => Passes.Leave(known, holder), cancellationToken);

    /// <summary>Has everything compared soon, because somebody asks for it.</summary>
    public async Task<Reconciliation> WantFullAsync(string by, CancellationToken cancellationToken) =>
        await ChangeAsync(known => Passes.WantFull(known, by), cancellationToken) ?? await ReadAsync(cancellationToken);

    /// <summary>Takes somebody's word that the numbers of the alarm are gone; null where there is nothing to accept.</summary>
    public Task<Reconciliation?> AcceptGoneAsync(string by, CancellationToken cancellationToken) =>
        ChangeAsync(known => Passes.AcceptGone(known, by, time.GetUtcNow()), cancellationToken);

    /// <summary>Raises or clears alarms; returns them as they were and as they are.</summary>
    public async Task<AlarmChange> AlarmAsync(
        IReadOnlyCollection<ReconciliationAlarmKind> kinds,
        IReadOnlyDictionary<ReconciliationAlarmKind, string> found,
        CancellationToken cancellationToken,
        int numbers = 0)
    {
        IReadOnlyList<ReconciliationAlarm> before = [];
        var after = await ChangeAsync(
            known =>
            {
                before = known.Alarms;
                return Passes.Alarm(known, kinds, found, time.GetUtcNow(), numbers);
            },
            cancellationToken);
        return new AlarmChange(before, after?.Alarms ?? before);
    }

    private async Task<Reconciliation?> ChangeAsync(
        Func<Reconciliation, Reconciliation?> change, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            if (change(await ReadAsync(cancellationToken)) is not { } next)
                return null;
            if (await engine.SaveReconciliationAsync(projectId, next, cancellationToken))
                return next;
        }

        throw new EngineUnavailableException("Others wrote where the reconciliation stands first, again and again.");
    }
}

/// <summary>Another process has taken the pass over: this one was silent for longer than its lease.</summary>
internal sealed class PassLostException() : Exception("The pass has been taken over by another process.");

/// <summary>The pass cannot go on; the next one begins where it did.</summary>
internal sealed class PassGivenUpException(string message) : Exception(message);
