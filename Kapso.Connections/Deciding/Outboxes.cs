namespace Kapso.Connections.Deciding;

/// <summary>Adds effects to an outbox.</summary>
internal static class Outboxes
{
    /// <summary>Adds an effect, unless it is there.</summary>
    public static Connection Add(Connection connection, Effect effect) =>
        connection.FindEffect(effect.Id) is null
            ? connection with { Outbox = connection.Outbox.Add(effect) }
            : connection;

    /// <summary>
    /// Counts a change, and tells it to each receiver that wants to be told. At <see cref="Connection.MaxNotifies"/> of a receiver the
    /// oldest one that waits makes room; where none waits, the oldest that is left to a person.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="type">What it tells.</param>
    /// <param name="detail">More of it.</param>
    /// <param name="setupLinkId">The link it is about.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="cause">What it is decided by.</param>
    /// <param name="dueAt">When it is to be told; null for at once.</param>
    public static Connection AddNotify(
        Connection connection, NotifyType type, string? detail, string? setupLinkId, ConnectionPolicy policy, Cause cause, DateTimeOffset? dueAt = null)
    {
        connection = connection with { Sequence = connection.Sequence + 1 };
        DecidedFacts? facts = null;
        foreach (var receiver in policy.Receivers)
        {
            if (receiver.Wants(type, connection.Tags))
            {
                facts ??= FactsOf(connection, type, detail, cause.PhoneNumberId);
                connection = AddNotify(connection, receiver, type, detail, setupLinkId, facts, cause, dueAt);
            }
        }

        return connection;
    }

    private static Connection AddNotify(
        Connection connection, ReceiverTerms receiver, NotifyType type, string? detail, string? setupLinkId, DecidedFacts facts, Cause cause,
        DateTimeOffset? dueAt)
    {
        (connection, var dropped) = MakeRoom(connection, receiver.StoredId);
        return Add(connection, new Effect
        {
            Id = EffectIds.Notify(connection.Key, connection.Sequence, receiver.StoredId),
            Kind = EffectKind.Notify,
            CreatedAt = cause.Now,
            DueAt = dueAt ?? cause.Now,
            NotifyType = type,
            Sequence = connection.Sequence,
            Dropped = dropped,
            PhoneNumberId = cause.PhoneNumberId,
            Detail = detail,
            SetupLinkId = setupLinkId,
            Receiver = receiver.StoredId,
            Facts = facts,
            TraceParent = cause.TraceParent,
        });
    }

    /// <summary>What a notify tells of a customer and number as they stand: what is proven, and what belongs to its kind.</summary>
    public static DecidedFacts FactsOf(Connection connection, NotifyType type, string? detail, string? phoneNumberId) => new()
    {
        OwnId = connection.Names?.OwnId,
        Name = connection.Names?.Name,
        Tags = connection.Tags,
        Number = connection.FindNumber(phoneNumberId) is not { } number ? null : new Number
        {
            PhoneNumberId = number.PhoneNumberId,
            Status = number.Status,
            Details = number.DetailsProven ? number.Details : null,
            DetailsProven = number.DetailsProven,
            SetupLinkId = number.ProvenSetupLinkId,
            SetupLinkProven = number.SetupLinkProven,
            Kind = number.Kind,
            SamePhoneAs = type == NotifyType.Connected ? number.SamePhoneAs : null,
            ConnectionType = number.ConnectionType,
            GoneAt = TellsGone(type) ? number.GoneAt : null,
            Disconnection = TellsGone(type) ? number.Disconnection : null,
            Attention = type == NotifyType.Attention && AccountNews.IsAttention(detail) ? number.Attention : null,
        },
    };

    private static bool TellsGone(NotifyType type) => type is NotifyType.Gone or NotifyType.ReconnectLink;

    /// <summary>Removes a notify of a receiver where there are too many, and has the next one that waits tell of it.</summary>
    /// <returns>How many dropped ones the notify that is added has to tell of.</returns>
    private static (Connection Connection, int Dropped) MakeRoom(Connection connection, string? receiver)
    {
        var notifies = connection.Outbox.Where(effect => effect.Kind == EffectKind.Notify && effect.Receiver == receiver).ToList();
        if (notifies.Count < Connection.MaxNotifies
            || (notifies.Find(IsWaiting) ?? notifies.Find(effect => effect.Status != EffectStatus.InFlight)) is not { } oldest)
            return (connection, 0);

        var dropped = oldest.Dropped + 1;
        connection = connection with { Outbox = connection.Outbox.Remove(oldest) };
        if (notifies.Find(effect => effect.Sequence > oldest.Sequence && IsWaiting(effect)) is not { } next)
            return (connection, dropped);
        return (connection with { Outbox = connection.Outbox.Replace(next, next with { Dropped = next.Dropped + dropped }) }, 0);

        static bool IsWaiting(Effect effect) => effect.Status == EffectStatus.Pending || effect.WaitsForReceiver;
    }

    /// <summary>Asks about a number. A question that waits is replaced; one that is in flight is left to its stale answer.</summary>
    public static Connection AddConfirm(Connection connection, Number number, DateTimeOffset askAt, Cause cause)
    {
        var confirms = connection.Confirms + 1;
        connection = WithoutConfirm(connection, number);
        return connection with
        {
            Confirms = confirms,
            Outbox = connection.Outbox.Add(new Effect
            {
                Id = EffectIds.Confirm(connection.Key, number.PhoneNumberId, confirms),
                Kind = EffectKind.Confirm,
                CreatedAt = cause.Now,
                DueAt = askAt,
                PhoneNumberId = number.PhoneNumberId,
                ProofVersion = number.ProofVersion,
                TraceParent = cause.TraceParent,
            }),
        };
    }

    /// <summary>Drops a question that waits.</summary>
    public static Connection WithoutConfirm(Connection connection, Number number) => connection with
    {
        Outbox = connection.Outbox.RemoveAll(effect =>
            effect.Kind == EffectKind.Confirm && effect.Status == EffectStatus.Pending && effect.PhoneNumberId == number.PhoneNumberId),
    };

    /// <summary>Tells the customer who had the number before.</summary>
    public static Connection AddRelease(Connection connection, Number number, string previousOwner, Cause cause) =>
        Add(connection, new Effect
        {
            Id = EffectIds.Release(connection.Key, number.PhoneNumberId, number.ProofVersion),
            Kind = EffectKind.Release,
            CreatedAt = cause.Now,
            DueAt = cause.Now,
            PhoneNumberId = number.PhoneNumberId,
            Detail = previousOwner,
            ProvenAt = number.LastProofAt,
            TraceParent = cause.TraceParent,
        });
}
