using System.Collections.Immutable;

namespace Kapso.Connections.Deciding;

/// <content>What is remembered of a customer who is erased, and what comes for them afterwards.</content>
public static partial class Decisions
{
    /// <summary>What is to be remembered of a connection that is erased now, and of the customer's erasures before.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="before">What is remembered already; null where that is what the connection says.</param>
    /// <param name="key">The store's key.</param>
    /// <param name="now">The engine's time.</param>
    public static ErasureMark Remember(Connection connection, ErasureMark? before, ErasureKey key, DateTimeOffset now)
    {
        before ??= connection.Erasure;
        return new ErasureMark
        {
            At = now,
            Numbers = Newest(
                before?.Numbers, connection.Numbers.Select(number => key.OfNumber(connection.Key, number.PhoneNumberId)), ErasureMark.MaxNumbers),
            Deliveries = Newest(
                before?.Deliveries,
                connection.Timeline.Where(static line => line is { Source: Source.Webhook, DeliveryId: not null })
                    .Select(line => key.OfDelivery(connection.Key, line.DeliveryId!)),
                ErasureMark.MaxDeliveries),
        };
    }

    private static ImmutableArray<string> Newest(ImmutableArray<string>? before, IEnumerable<string> now, int count) =>
        [.. (before ?? []).Concat(now).Distinct(StringComparer.Ordinal).TakeLast(count)];

    /// <summary>
    /// Whether an observation is nothing to a customer who was erased. What tells of the time before, or of a number that is not known
    /// (any more), brings nobody back; that a number is connected does, if it is news.
    /// </summary>
    private static bool IsOfErased(Connection connection, Observation observation, ConnectionPolicy policy)
    {
        if (connection.Erasure is not { } mark || policy.Erasures is not { } key || connection.FindNumber(observation.PhoneNumberId) is not null)
            return false;
        var connects = observation.Kind is ObservationKind.Created or ObservationKind.Reconnected or ObservationKind.ApiConnected;
        return connects ? mark.IsOld(connection.Key, observation, key) : connection.IsBlank;
    }

    /// <summary>A number that an erased customer had is not greeted, whatever it is told to be.</summary>
    private static Verdict WithoutWelcome(Verdict verdict, Connection connection, ConnectionPolicy policy)
    {
        if (verdict.Number is not { WelcomeDecided: false } number || connection.Erasure is not { } mark || policy.Erasures is not { } key
            || !mark.HasNumber(connection.Key, number.PhoneNumberId, key))
            return verdict;
        const string Sentence = "It was this customer's before their data were erased: no welcome.";
        return verdict with
        {
            Number = number with { Adopted = true, Returned = false, AgeUnknown = false, PhoneAwaitedUntil = null },
            Outcome = verdict.Outcome == Outcome.Applied && number.Status == NumberStatus.Connected ? Outcome.Adopted : verdict.Outcome,
            Detail = verdict.Detail is null ? Sentence : $"{verdict.Detail} {Sentence}",
        };
    }
}
