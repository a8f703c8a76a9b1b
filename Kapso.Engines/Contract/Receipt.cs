namespace Kapso.Engines.Contract;

/// <summary>What became of a delivery that an engine folded into a connection.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Status">Where the customer stands after it.</param>
/// <param name="Sequence">Number of the last change that a notify tells of.</param>
public sealed record Receipt(Outcome Outcome, ConnectionStatus Status, long Sequence);

/// <summary>A customer whose open setup links are worth asking the platform about.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="CheckedAt">See <see cref="Connection.LinksCheckedAt"/>.</param>
public sealed record LinksToCheck(string CustomerId, DateTimeOffset CheckedAt);

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="NextCursor">What to ask the next page with; null after the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Which connections to list.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="Status">Only customers who stand here; null for all.</param>
/// <param name="Text">
/// Only customers of whom something begins with this: their id, own id or name, the names or the id of one of their numbers, or
/// its digits, which may also end with it; see <see cref="Keeping.SearchWords"/>. Null for all.
/// </param>
/// <param name="Cursor">Where the last page ended, or null.</param>
/// <param name="Limit">Rows wanted, 1 to 1,000.</param>
public sealed record ConnectionQuery(
    string ProjectId, ConnectionStatus? Status = null, string? Text = null, string? Cursor = null, int Limit = 100)
{
    /// <summary>Only customers who have exactly this as the company's own id; null for all. <see cref="Text"/> is not looked at then.</summary>
    public string? OwnId { get; init; }

    /// <summary>Only customers who have all of these tags, each as <c>key:value</c>; at most <see cref="MaxTags"/>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Most tags that can be asked for at a time.</summary>
    public const int MaxTags = 5;

    /// <summary>Whether a row has all of <see cref="Tags"/>.</summary>
    public bool HasTags(ConnectionRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return CustomerNames.HaveAll(row.Names, Tags);
    }
}

/// <summary>One row of a list of connections.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Status">Where they stand.</param>
/// <param name="PhoneNumberIds">Their numbers, oldest first.</param>
/// <param name="UpdatedAt">When the connection was last written.</param>
public sealed record ConnectionRow(
    string CustomerId, ConnectionStatus Status, IReadOnlyList<string> PhoneNumberIds, DateTimeOffset UpdatedAt)
{
    /// <summary>What the customer is called; null where nothing was told.</summary>
    public CustomerNames? Names { get; init; }

    /// <summary>The display number of each of <see cref="PhoneNumberIds"/>; null where none is proven.</summary>
    public IReadOnlyList<string?> DisplayPhoneNumbers { get; init; } = [];

    /// <summary>The row of a connection.</summary>
    public static ConnectionRow Of(Connection connection, DateTimeOffset updatedAt)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return new ConnectionRow(
            connection.Key.CustomerId, connection.Status, [.. connection.Numbers.Select(number => number.PhoneNumberId)], updatedAt)
        {
            Names = connection.Names,
            DisplayPhoneNumbers = [.. connection.Numbers.Select(number => number.ProvenDisplayPhoneNumber)],
        };
    }
}

/// <summary>One row of a list of effects that need a person.</summary>
/// <param name="CustomerId">Whose it is.</param>
/// <param name="Effect">The effect.</param>
public sealed record EffectRow(string CustomerId, Effect Effect)
{
    /// <summary>What the customer is called; null where nothing was told.</summary>
    public CustomerNames? Names { get; init; }
}

/// <summary>How an engine is.</summary>
/// <param name="Ready">Whether deliveries can be made durable.</param>
/// <param name="Detail">Why not, in words.</param>
/// <param name="OutboxWaiting">Effects pending or in flight.</param>
/// <param name="EffectsHeldOrDead">Effects that need a person.</param>
/// <param name="ParkedWaiting">Parked deliveries that wait.</param>
public sealed record EngineHealth(
    bool Ready, string? Detail, long OutboxWaiting, long EffectsHeldOrDead, long ParkedWaiting);
