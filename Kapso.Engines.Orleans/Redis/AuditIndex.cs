using System.Globalization;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// Finds lines of the audit by what few of them have: their customer, who did it unless that was the management key, and their outcome
/// unless they were done. An entry is what they have, a line end, and the line's id.
/// </summary>
internal static class AuditIndex
{
    private const char Customer = 'c';
    private const char By = 'b';
    private const char Outcome = 'o';

    /// <summary>The entries of a line.</summary>
    public static IEnumerable<RedisValue> Of(AuditLine line)
    {
        if (line.CustomerId is { } customer)
            yield return OfCustomer(customer) + line.Id;
        if (line.By != AuditActor.ManagementKey)
            yield return Prefix(By, line.By.Name) + line.Id;
        if (line.Outcome != AuditOutcome.Done)
            yield return OfOutcome(line.Outcome) + line.Id;
    }

    /// <summary>What the entries of a customer's lines begin with.</summary>
    public static string OfCustomer(string customerId) => Prefix(Customer, customerId);

    /// <summary>What the entries of all lines begin with that are wanted; null where others would have to be looked at.</summary>
    public static string? PrefixFor(AuditQuery query) => query switch
    {
        { CustomerId: { } customer } => OfCustomer(customer),
        { Outcome: { } outcome and not AuditOutcome.Done } => OfOutcome(outcome),
        { By: { } by } when by != AuditActor.ManagementKey.Name => Prefix(By, by),
        _ => null,
    };

    /// <summary>The line that an entry leads to.</summary>
    public static string LineOf(RedisValue entry)
    {
        var text = entry.ToString();
        return text[(text.LastIndexOf(StoreKeys.Separator) + 1)..];
    }

    private static string OfOutcome(AuditOutcome outcome) => Prefix(Outcome, ((int)outcome).ToString(CultureInfo.InvariantCulture));

    private static string Prefix(char what, string value) => $"{what}{value}{StoreKeys.Separator}";
}
