namespace Kapso.Connections;

/// <summary>What a connection became, and what became of the observation.</summary>
/// <param name="Connection">The connection afterwards; the same instance where nothing is to be written.</param>
/// <param name="Outcome">What became of the observation.</param>
public sealed record Decision(Connection Connection, Outcome Outcome);

/// <summary>The pure functions that change a connection. No clock, no I/O; an engine calls them and writes the result.</summary>
public static partial class Decisions
{
    /// <summary>Folds one observation into a connection.</summary>
    public static Decision Observe(Connection connection, Observation observation, ConnectionPolicy policy, DateTimeOffset now) =>
        throw new NotSupportedException();

    /// <summary>
    /// Claims the effects that may be sent now: pending and due, or in flight with a lapsed lease. The claim counts only
    /// once the returned connection is written.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="holder">Who claims.</param>
    /// <param name="limit">How many effects may be claimed at most.</param>
    /// <param name="now">The engine's time.</param>
    public static Claims Claim(Connection connection, ConnectionPolicy policy, LeaseHolder holder, int limit, DateTimeOffset now) =>
        throw new NotSupportedException();

    /// <summary>Settles one attempt at an effect. For a confirm, its answer is observed in the same step.</summary>
    public static Connection Settle(
        Connection connection, string effectId, int attempt, EffectResult result, ConnectionPolicy policy, DateTimeOffset now) =>
        throw new NotSupportedException();

    /// <summary>Adds a setup link; the same link again changes nothing.</summary>
    public static Decision AddLink(Connection connection, SetupLink link, ConnectionPolicy policy, DateTimeOffset now) =>
        throw new NotSupportedException();

    /// <summary>Makes a held or dead effect due again, under the same id.</summary>
    public static (Connection Connection, Engine.EffectAction Action) Resend(
        Connection connection, string effectId, ConnectionPolicy policy, DateTimeOffset now) =>
        throw new NotSupportedException();

    /// <summary>Settles a held or dead effect as done, on a person's word.</summary>
    public static (Connection Connection, Engine.EffectAction Action) SettleByHand(
        Connection connection, string effectId, ConnectionPolicy policy, DateTimeOffset now) =>
        throw new NotSupportedException();

    /// <summary>Writes a line into the timeline.</summary>
    public static Connection Note(Connection connection, TimelineEntry note) => throw new NotSupportedException();
}
