namespace Kapso.Web.Management;

/// <summary>One row of the list of connections.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="ExternalId">The company's own id for the customer, as it gave it or else as the platform tells it; null where neither did.</param>
/// <param name="Name">The customer's name, as the company gave it or else as the platform tells it; null where neither did.</param>
/// <param name="Tags">What the company marks the customer with: values by their keys.</param>
/// <param name="Status">Where the customer stands.</param>
/// <param name="PhoneNumberIds">Their numbers, oldest first.</param>
/// <param name="DisplayPhoneNumbers">The display number of each of them; null where none is proven.</param>
/// <param name="UpdatedAt">When the connection was last written.</param>
public sealed record ConnectionRowView(
    string CustomerId,
    string? ExternalId,
    string? Name,
    IReadOnlyDictionary<string, string> Tags,
    ConnectionStatus Status,
    IReadOnlyList<string> PhoneNumberIds,
    IReadOnlyList<string?> DisplayPhoneNumbers,
    DateTime UpdatedAt)
{
    /// <summary>Shows a row.</summary>
    public static ConnectionRowView Of(ConnectionRow row) => new(
        row.CustomerId, row.Names?.OwnId, row.Names?.Name, CustomerNames.TagsOf(row.Names), row.Status,
        row.PhoneNumberIds, row.DisplayPhoneNumbers, row.UpdatedAt.UtcDateTime);
}
