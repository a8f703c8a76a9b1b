using System.Globalization;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// What has to change in the indexes when a connection changes. What is new is put in before the connection is written, what
/// is no more is taken out after it: an entry that is too much is passed over by whoever reads it, one that is missing hides
/// a connection. Words are an exception: like the row, they say before the write what is about to be written.
/// </summary>
internal static class IndexOperations
{
    /// <summary>What is put in before the connection is written.</summary>
    /// <param name="before">The connection as last written.</param>
    /// <param name="after">The connection as it will be.</param>
    /// <param name="provenNumber">The number that the change proved to be the customer's.</param>
    public static List<IndexOperation> Additions(Connection before, Connection after, string? provenNumber)
    {
        var operations = new List<IndexOperation>();
        if (before.SetupLinks != after.SetupLinks)
            AddLinks(operations, before, after);
        if ((before.SetupLinks != after.SetupLinks || before.Numbers != after.Numbers)
            && after.LinksCheckedAt is { } at && at != before.LinksCheckedAt)
            operations.Add(new("check", at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)));
        if (provenNumber is not null)
            operations.Add(new("take", provenNumber));
        if (before.Numbers != after.Numbers)
            AddNumbers(operations, before, after, provenNumber);
        if (SearchWords.CanDiffer(before, after) && Words(after) is var words && words != Words(before))
            operations.Add(words);
        if (before.Outbox != after.Outbox)
        {
            foreach (var effect in after.Outbox)
            {
                if (ConnectionSummary.IsStuck(effect) && before.FindEffect(effect.Id)?.Status != effect.Status)
                    operations.Add(Held(after.Key, effect));
            }
        }

        return operations;
    }

    /// <summary>What is taken out after the connection was written.</summary>
    public static List<IndexOperation> Removals(Connection before, Connection after)
    {
        var operations = new List<IndexOperation>();
        if (before.SetupLinks != after.SetupLinks)
        {
            foreach (var link in before.SetupLinks)
            {
                if (!HasState(after, link.State))
                    operations.Add(State(link.State).Reverse());
                if (link.PlatformId is { } id && !HasLink(after, id))
                    operations.Add(Link(id).Reverse());
            }
        }

        if (before.Numbers != after.Numbers)
        {
            foreach (var number in before.Numbers)
            {
                if (after.FindNumber(number.PhoneNumberId) is null)
                    operations.Add(Number(number.PhoneNumberId).Reverse());
            }

            foreach (var change in NumberMarks.Changes(before, after))
            {
                if (!change.Has)
                    operations.Add(Mark(after.Key, change).Reverse());
            }
        }

        if (before.Outbox != after.Outbox)
        {
            foreach (var effect in before.Outbox)
            {
                if (ConnectionSummary.IsStuck(effect) && after.FindEffect(effect.Id)?.Status != effect.Status)
                    operations.Add(Held(before.Key, effect).Reverse());
            }
        }

        return operations;
    }

    /// <summary>
    /// Makes the indexes say of a customer what the connection says, whatever they said: takes out all that is found by the
    /// customer, then puts in all that finds the connection.
    /// </summary>
    public static IEnumerable<IndexOperation> Repair(Connection connection)
    {
        foreach (var status in (EffectStatus[])[EffectStatus.Held, EffectStatus.Dead])
            yield return new("clear-held", $"{(int)status}{connection.Key.CustomerId}{StoreKeys.Separator}");
        foreach (var mark in Enum.GetValues<NumberMark>())
            yield return new("clear-mark", $"{(int)mark}{connection.Key.CustomerId}{StoreKeys.Separator}");
        yield return Words(connection);
        foreach (var operation in Additions(Connection.Empty(connection.Key), connection, provenNumber: null))
            yield return operation;
        foreach (var number in connection.Numbers)
        {
            if (number.Status == NumberStatus.Connected)
                yield return new("take-if-free", number.PhoneNumberId);
        }
    }

    /// <summary>Takes all out that finds an erased customer.</summary>
    /// <param name="connection">The connection that goes.</param>
    /// <param name="numbers">Numbers that name the customer in the index.</param>
    /// <param name="states">States that do.</param>
    /// <param name="links">The platform's ids of links that do.</param>
    public static IEnumerable<IndexOperation> Erasure(Connection connection, string[] numbers, string[] states, string[] links) =>
    [
        .. Removals(connection, Connection.Empty(connection.Key)),
        .. Repair(Connection.Empty(connection.Key)),
        .. connection.Numbers.Select(static number => number.PhoneNumberId).Union(numbers).Select(static number => new IndexOperation("take", number).Reverse()),
        .. Leftovers(Connection.Empty(connection.Key), states, links),
        new IndexOperation("check", "").Reverse(),
    ];

    /// <summary>Makes the words of a customer those of the connection: the ones before are known to the store.</summary>
    public static IndexOperation Words(Connection connection) =>
        new("words", string.Join(StoreKeys.Separator, SearchWords.Of(connection)));

    /// <summary>What of these states and links the connection does not have (any more), to be taken out.</summary>
    public static List<IndexOperation> Leftovers(Connection connection, IEnumerable<string> states, IEnumerable<string> links) =>
    [
        .. states.Where(state => !HasState(connection, state)).Select(state => State(state).Reverse()),
        .. links.Where(link => !HasLink(connection, link)).Select(link => Link(link).Reverse()),
    ];

    private static void AddLinks(List<IndexOperation> operations, Connection before, Connection after)
    {
        foreach (var link in after.SetupLinks)
        {
            // Whoever was first keeps it: states are random, and the platform gives a link to one customer.
            var known = before.SetupLinks.FirstOrDefault(other => other.Id == link.Id);
            if (known?.State != link.State)
                operations.Add(State(link.State));
            if (link.PlatformId is { } platformId && known?.PlatformId != platformId)
                operations.Add(Link(platformId));
        }
    }

    private static void AddNumbers(List<IndexOperation> operations, Connection before, Connection after, string? provenNumber)
    {
        foreach (var number in after.Numbers)
        {
            var known = before.FindNumber(number.PhoneNumberId);
            if (known is null)
                operations.Add(Number(number.PhoneNumberId));

            // A number that is proven gone was somebody's: theirs who says so, unless somebody is known to have had it.
            if (number.Status == NumberStatus.Gone && known?.Status != NumberStatus.Gone && number.PhoneNumberId != provenNumber)
                operations.Add(new("take-if-free", number.PhoneNumberId));
        }

        foreach (var change in NumberMarks.Changes(before, after))
        {
            if (!change.Has)
                continue;
            var mark = Mark(after.Key, change);
            operations.Add(mark); // It has no end then, until the next says which.
            if (change.Until is { } until)
                operations.Add(new("mark-end", string.Create(CultureInfo.InvariantCulture, $"{until.ToUnixTimeMilliseconds()} {mark.Subject}")));
        }
    }

    private static bool HasState(Connection connection, string state) => connection.SetupLinks.Any(link => link.State == state);

    private static bool HasLink(Connection connection, string platformId) =>
        connection.SetupLinks.Any(link => link.PlatformId == platformId);

    private static IndexOperation State(string state) => new("state", state);

    private static IndexOperation Link(string platformId) => new("link", platformId);

    private static IndexOperation Number(string phoneNumberId) => new("number", phoneNumberId);

    private static IndexOperation Mark(CustomerKey key, MarkChange change) =>
        new("mark", $"{(int)change.Mark}{key.CustomerId}{StoreKeys.Separator}{change.PhoneNumberId}");

    private static IndexOperation Held(CustomerKey key, Effect effect) =>
        new("held", $"{(int)effect.Status}{key.CustomerId}{StoreKeys.Separator}{effect.Id}");
}
