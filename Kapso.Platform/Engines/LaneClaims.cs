using System.Collections.Immutable;
using Kapso.Connections;

namespace Kapso.Platform.Engines;

/// <summary>Claims only effects whose lanes have room, and leaves the others as they are.</summary>
internal static class LaneClaims
{
    /// <param name="connection">The connection.</param>
    /// <param name="policy">Its project's policy.</param>
    /// <param name="holder">Who claims.</param>
    /// <param name="room">How many may be claimed, by lane.</param>
    /// <param name="now">The engine's time.</param>
    public static Claims Claim(
        Connection connection, ConnectionPolicy policy, LeaseHolder holder, int[] room, DateTimeOffset now)
    {
        var (open, limit) = (0, 0);
        foreach (var effect in connection.Outbox)
            open += room[(int)effect.Kind] > 0 ? 1 : 0;
        foreach (var lane in room)
            limit += Math.Max(0, lane);
        if (open == 0)
            return new Claims(connection, []);
        if (open == connection.Outbox.Length)
            return Decisions.Claim(connection, policy, holder, limit, now);

        var narrowed = connection with { Outbox = connection.Outbox.RemoveAll(effect => room[(int)effect.Kind] <= 0) };
        var claims = Decisions.Claim(narrowed, policy, holder, limit, now);
        return ReferenceEquals(claims.Connection, narrowed)
            ? new Claims(connection, [])
            : claims with { Connection = claims.Connection with { Outbox = Merge(connection, claims.Connection, room) } };
    }

    private static ImmutableArray<Effect> Merge(Connection before, Connection narrowed, int[] room)
    {
        var merged = ImmutableArray.CreateBuilder<Effect>(before.Outbox.Length + 1);
        foreach (var effect in before.Outbox)
        {
            if (room[(int)effect.Kind] <= 0)
                merged.Add(effect);
            else if (narrowed.FindEffect(effect.Id) is { } claimed)
                merged.Add(claimed);
        }

        foreach (var effect in narrowed.Outbox)
        {
            if (before.FindEffect(effect.Id) is null)
                merged.Add(effect);
        }

        return merged.ToImmutable();
    }
}
