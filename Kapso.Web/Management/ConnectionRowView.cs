namespace Kapso.Web.Management;

/// <summary>One row of the list of connections.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Status">Where the customer stands.</param>
/// <param name="PhoneNumberIds">Their numbers, oldest first.</param>
/// <param name="UpdatedAt">When the connection was last written.</param>
public sealed record ConnectionRowView(
    string CustomerId, ConnectionStatus Status, IReadOnlyList<string> PhoneNumberIds, DateTime UpdatedAt)
{
    /// <summary>Shows a row.</summary>
    public static ConnectionRowView Of(ConnectionRow row) =>
        new(row.CustomerId, row.Status, row.PhoneNumberIds, row.UpdatedAt.UtcDateTime);
}
