namespace Kapso.Connections.Deciding;

public static partial class Decisions
{
    /// <summary>The event's name of the company's change of what a customer is called and marked with.</summary>
    public const string CustomerChanged = "customer.changed";

    /// <summary>Sets what the company calls and marks a customer with.</summary>
    /// <param name="connection">The connection as last written.</param>
    /// <param name="change">What is to be so; own id, name and tags are valid.</param>
    /// <param name="now">The engine's time.</param>
    /// <param name="by">Who asks, for the timeline; null where nobody gave a name.</param>
    /// <returns><see cref="Outcome.Full"/>, and nothing is changed, where there would be more tags than <see cref="CustomerTags.MaxCount"/>.</returns>
    public static Decision ChangeCustomer(Connection connection, CustomerChange change, DateTimeOffset now, string? by)
    {
        ArgumentNullException.ThrowIfNull(change);
        var before = change.ReplacesTags ? null : connection.Tags;
        if (CustomerTags.CountWith(before, change.Tags) > CustomerTags.MaxCount)
            return new Decision(connection, Outcome.Full);

        var changed = connection with
        {
            GivenOwnId = change.OwnId is { } ownId ? ownId.Value : connection.GivenOwnId,
            GivenName = change.Name is { } name ? name.Value : connection.GivenName,
            Tags = CustomerTags.With(before, change.Tags),
        };
        List<string> members =
        [
            .. changed.GivenOwnId == connection.GivenOwnId ? [] : (string[])["external_id"],
            .. changed.GivenName == connection.GivenName ? [] : (string[])["name"],
            .. Equals(changed.Tags, connection.Tags) ? [] : (string[])["tags"],
        ];
        if (members.Count == 0)
            return new Decision(connection, Outcome.Duplicate);
        return new Decision(
            Note(changed, new TimelineEntry
            {
                At = now,
                Source = Source.Operator,
                Event = CustomerChanged,
                Outcome = Outcome.Applied,
                Detail = $"Changed: {string.Join(", ", members)}.",
                By = by,
            }),
            Outcome.Applied);
    }
}
