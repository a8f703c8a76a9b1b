using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans.Grains;

internal sealed partial class ConnectionGrain
{
    /// <summary>
    /// Who has to be told that a number moved: the newest other candidate that has it, else the newest other. An earlier try
    /// at this very write may have made this customer the newest candidate already, so the index alone does not tell.
    /// </summary>
    private async Task<string?> FindPreviousOwnerAsync(string phoneNumberId, IReadOnlyList<string> others)
    {
        for (var i = others.Count - 1; i >= 0; i--)
        {
            var other = GrainFactory.GetGrain<IConnectionGrain>(GrainKey.Of(new CustomerKey(_key.ProjectId, others[i])));
            if (await other.FindNumberStatusAsync(phoneNumberId) == NumberStatus.Connected)
                return others[i];
        }

        return others is [.., var newest] ? newest : null;
    }

    /// <summary>Folds the unclaimed hints for a number that was proven into the same write.</summary>
    private Connection FoldHints(Connection connection, string? hints)
    {
        foreach (var hint in HintStore.Read(hints))
        {
            if (Now - hint.ReceivedAt < UnclaimedHints.Life)
                connection = Decisions.Observe(connection, hint, Policy, Now).Connection;
        }

        return connection;
    }

    private async Task ForgetHintsAsync(string phoneNumberId, string hints)
    {
        try
        {
            await _hints.RemoveAsync(_key.ProjectId, phoneNumberId, hints);
        }
#pragma warning disable CA1031 // They are in the connection. What is left is folded in again, which changes nothing, or lapses.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogBehind(exception, _key);
        }
    }
}
