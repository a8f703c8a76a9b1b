using System.Globalization;
using Kapso.Connections;
using Kapso.Connections.Engine;
using Kapso.Grains.Store;
using StackExchange.Redis;

namespace Kapso.Silo.Index;

/// <summary>What has to change in the indexes when a connection changes, in the words of <see cref="IndexScript"/>.</summary>
internal static class IndexOperations
{
    /// <summary>Adds pairs of an operation and its subject.</summary>
    /// <param name="arguments">Where they are added.</param>
    /// <param name="before">The connection as last written.</param>
    /// <param name="after">The connection as it will be.</param>
    /// <param name="provenNumber">The number that the change proved to be the customer's.</param>
    public static void Add(List<RedisValue> arguments, Connection before, Connection after, string? provenNumber)
    {
        if (before.SetupLinks != after.SetupLinks)
            AddLinks(arguments, before, after);
        if (provenNumber is not null)
            Add(arguments, "take", provenNumber);
        if (before.Numbers != after.Numbers)
            AddNumbers(arguments, before, after, provenNumber);
        if (before.Outbox != after.Outbox)
            AddStuck(arguments, before, after);
    }

    private static void AddLinks(List<RedisValue> arguments, Connection before, Connection after)
    {
        foreach (var link in after.SetupLinks)
        {
            // Whoever was first keeps it: states are random, and the platform gives a link to one customer.
            var known = before.SetupLinks.FirstOrDefault(other => other.Id == link.Id);
            if (known?.State != link.State)
                Add(arguments, "state", link.State);
            if (link.PlatformId is { } platformId && known?.PlatformId != platformId)
                Add(arguments, "link", platformId);
        }

        if (after.LinksCheckedAt is { } at && at != before.LinksCheckedAt)
            Add(arguments, "check", at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
    }

    private static void AddNumbers(List<RedisValue> arguments, Connection before, Connection after, string? provenNumber)
    {
        foreach (var number in after.Numbers)
        {
            var known = before.FindNumber(number.PhoneNumberId);
            if (known is null)
                Add(arguments, "number", number.PhoneNumberId);

            // A number that is proven gone was somebody's: theirs who says so, unless somebody is known to have had it.
            if (number.Status == NumberStatus.Gone && known?.Status != NumberStatus.Gone && number.PhoneNumberId != provenNumber)
                Add(arguments, "take-if-free", number.PhoneNumberId);
        }

        foreach (var number in before.Numbers)
        {
            if (after.FindNumber(number.PhoneNumberId) is null)
                Add(arguments, "no-number", number.PhoneNumberId);
        }

        foreach (var change in NumberMarks.Changes(before, after))
            Add(arguments, change.Has ? "mark" : "no-mark", MarkMember(after.Key, change));
    }

    private static string MarkMember(CustomerKey key, MarkChange change) =>
        $"{(int)change.Mark}{key.CustomerId}{StoreKeys.Separator}{change.PhoneNumberId}";

    private static void AddStuck(List<RedisValue> arguments, Connection before, Connection after)
    {
        foreach (var effect in before.Outbox)
        {
            if (ConnectionSummary.IsStuck(effect) && after.FindEffect(effect.Id)?.Status != effect.Status)
                Add(arguments, "not-held", StuckMember(after.Key, effect));
        }

        foreach (var effect in after.Outbox)
        {
            if (ConnectionSummary.IsStuck(effect) && before.FindEffect(effect.Id)?.Status != effect.Status)
                Add(arguments, "held", StuckMember(after.Key, effect));
        }
    }

    private static string StuckMember(CustomerKey key, Effect effect) =>
        $"{(int)effect.Status}{key.CustomerId}{StoreKeys.Separator}{effect.Id}";

    private static void Add(List<RedisValue> arguments, string operation, string subject)
    {
        arguments.Add(operation);
        arguments.Add(subject);
    }
}
