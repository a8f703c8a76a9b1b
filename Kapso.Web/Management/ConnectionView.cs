using Kapso.Platform.Api;

namespace Kapso.Web.Management;

/// <summary>A customer's connection as the surface shows it: every member always present.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="CustomerId">The customer.</param>
/// <param name="ExternalId">The company's own id for the customer, as it gave it or else as the platform tells it; null where neither did.</param>
/// <param name="Name">The customer's name, as the company gave it or else as the platform tells it; null where neither did.</param>
/// <param name="Tags">What the company marks the customer with: values by their keys.</param>
/// <param name="Status">Where the customer stands.</param>
/// <param name="Sequence">Number of the last change that a notify tells of.</param>
/// <param name="ContactPhone">Where a template welcome goes; null where nobody has said.</param>
/// <param name="Numbers">The numbers, oldest first.</param>
/// <param name="SetupLinks">The setup links, oldest first; never their states.</param>
/// <param name="Timeline">The history, oldest first.</param>
public sealed record ConnectionView(
    string ProjectId,
    string CustomerId,
    string? ExternalId,
    string? Name,
    IReadOnlyDictionary<string, string> Tags,
    ConnectionStatus Status,
    long Sequence,
    string? ContactPhone,
    IReadOnlyList<NumberView> Numbers,
    IReadOnlyList<SetupLinkView> SetupLinks,
    IReadOnlyList<TimelineView> Timeline)
{
    /// <summary>Shows a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="now">The time at which it is shown: what has ended by itself is left out.</param>
    public static ConnectionView Of(Connection connection, DateTimeOffset now) => new(
        connection.Key.ProjectId,
        connection.Key.CustomerId,
        connection.Names?.OwnId,
        connection.Names?.Name,
        CustomerNames.TagsOf(connection.Names),
        connection.Status,
        connection.Sequence,
        connection.ContactPhone,
        [.. connection.Numbers.Select(number => NumberView.Of(number, now))],
        [.. connection.SetupLinks.Select(SetupLinkView.Of)],
        [.. connection.Timeline.Select(TimelineView.Of)]);
}

/// <summary>One number of a connection.</summary>
/// <param name="PhoneNumberId">Meta's id.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Adopted">Never welcomed: connected before this service's time, came back, or its phone was welcomed lately.</param>
/// <param name="Returned">Adopted because it came back and was not known here: a person can have it greeted.</param>
/// <param name="SamePhoneAs">The customer's number before it that has or had the same phone; null where none is known.</param>
/// <param name="Unconfirmed">Proven by a webhook alone.</param>
/// <param name="Disputed">Another customer claimed it while nothing could be confirmed.</param>
/// <param name="Kind"><c>sandbox</c> where the platform says that it is a number to try things with, which is never welcomed; else null.</param>
/// <param name="PlatformStatus">The platform's own word for its status, as last told; null where none was told.</param>
/// <param name="DisplayPhoneNumber">The display number, where one was told.</param>
/// <param name="BusinessAccountId">The WhatsApp Business Account, where one was told.</param>
/// <param name="Name">The name given to it in the project, where one was told.</param>
/// <param name="VerifiedName">The name that Meta verified, where one was told.</param>
/// <param name="DetailsProven">Whether the four before come from a proof; a browser's are hints.</param>
/// <param name="Sources">What has said that it is connected: <c>webhook</c>, <c>redirect</c>, <c>api</c>.</param>
/// <param name="ConnectedAt">When it last became connected.</param>
/// <param name="GoneAt">When it last became gone.</param>
/// <param name="ReconnectAt">When the service is to make a link by itself that connects it again, unless something speaks against it then; null for never.</param>
/// <param name="ConnectionType">How it is connected, in the platform's word: <c>dedicated</c>, <c>coexistence</c>; null where it was not told.</param>
/// <param name="Disconnection">Why it last became gone, where that was told.</param>
/// <param name="Attention">What the platform holds against its account now; null for nothing.</param>
/// <param name="Welcome">The welcome; null where none was decided.</param>
public sealed record NumberView(
    string PhoneNumberId,
    NumberStatus Status,
    bool Adopted,
    bool Returned,
    string? SamePhoneAs,
    bool Unconfirmed,
    bool Disputed,
    string? Kind,
    string? PlatformStatus,
    string? DisplayPhoneNumber,
    string? BusinessAccountId,
    string? Name,
    string? VerifiedName,
    bool DetailsProven,
    IReadOnlyList<string> Sources,
    DateTime? ConnectedAt,
    DateTime? GoneAt,
    DateTime? ReconnectAt,
    string? ConnectionType,
    DisconnectionView? Disconnection,
    AttentionView? Attention,
    WelcomeView? Welcome)
{
    private static readonly (NumberSources Flag, string Name)[] SourceNames =
        [(NumberSources.Webhook, "webhook"), (NumberSources.Redirect, "redirect"), (NumberSources.Api, "api")];

    /// <summary>What has said that a number is connected, by name.</summary>
    public static IEnumerable<string> SourcesOf(Number number) =>
        SourceNames.Where(source => number.Sources.HasFlag(source.Flag)).Select(source => source.Name);

    /// <summary>The platform's word for a number's status: what its API proved connected it has as connected.</summary>
    private static string? StatusOf(Number number) => number.PlatformStatus
        ?? (number is { Status: NumberStatus.Connected, Unconfirmed: false } && number.Sources.HasFlag(NumberSources.Api) ? PlatformNumber.Connected : null);

    /// <summary>Shows a number as it is at a time.</summary>
    public static NumberView Of(Number number, DateTimeOffset now) => new(
        number.PhoneNumberId,
        number.Status,
        number.Adopted,
        number.Returned,
        number.SamePhoneAs,
        number.Unconfirmed,
        number.DisputedAt is not null,
        number.Kind,
        StatusOf(number),
        number.Details?.DisplayPhoneNumber,
        number.Details?.BusinessAccountId,
        number.Details?.Name,
        number.Details?.VerifiedName,
        number.DetailsProven,
        [.. SourcesOf(number)],
        number.ConnectedAt?.UtcDateTime,
        number.GoneAt?.UtcDateTime,
        number.ReconnectAt?.UtcDateTime,
        number.ConnectionType,
        DisconnectionView.Of(number.Disconnection),
        AttentionView.Of(number.Attention, now),
        number.Welcome is { } welcome
            ? new WelcomeView(welcome.Id, welcome.Status, welcome.Attempts, welcome.LastError, welcome.LapsedAt?.UtcDateTime)
            : null);
}

/// <summary>The welcome of a number.</summary>
/// <param name="Id">Its id, the receiver's <c>webhook-id</c>.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Attempts">How often it was claimed.</param>
/// <param name="LastError">Why the last attempt failed.</param>
/// <param name="LapsedAt">When it lapsed unsent, since its number was gone for too long; it is dead then. Null where it did not.</param>
public sealed record WelcomeView(string Id, EffectStatus Status, int Attempts, string? LastError, DateTime? LapsedAt);

/// <summary>One setup link. Its state and its URL are bearers' secrets and are not shown.</summary>
/// <param name="Id">Our name for it.</param>
/// <param name="SetupLinkId">The platform's id, where it is known.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ErrorCodes">The codes of the failed setups, each once.</param>
/// <param name="PendingErrorCode">The code of a failure that a browser told of and that does not count yet; null where none waits.</param>
/// <param name="SucceededAt">When a browser said that the setup succeeded, as long as nothing has proven it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When something last came of it.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="PlatformStatus">The platform's own word, as last heard.</param>
/// <param name="SetupStatus">The platform's word for the setup, as last heard.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="CheckedAt">When the platform was last asked.</param>
/// <param name="ReconnectsPhoneNumberId">The customer's number that it connects again; null for a link that connects any.</param>
/// <param name="Automatic">Whether the service made it by itself.</param>
public sealed record SetupLinkView(
    string Id,
    string? SetupLinkId,
    SetupLinkStatus Status,
    IReadOnlyList<string> ErrorCodes,
    string? PendingErrorCode,
    DateTime? SucceededAt,
    DateTime CreatedAt,
    DateTime? UpdatedAt,
    SetupLinkSource Source,
    string? PlatformStatus,
    string? SetupStatus,
    DateTime? ExpiresAt,
    DateTime? CheckedAt,
    string? ReconnectsPhoneNumberId,
    bool Automatic)
{
    /// <summary>Shows a link.</summary>
    public static SetupLinkView Of(SetupLink link) => new(
        link.Id,
        link.PlatformId,
        link.Status,
        [.. link.ErrorCodes],
        link.PendingFailure,
        link.SucceededAt?.UtcDateTime,
        link.CreatedAt.UtcDateTime,
        link.UpdatedAt?.UtcDateTime,
        link.Source,
        link.PlatformStatus,
        link.SetupStatus,
        link.ExpiresAt?.UtcDateTime,
        link.CheckedAt?.UtcDateTime,
        link.ReconnectsPhoneNumberId,
        link.IsAutomatic);
}

/// <summary>One line of the history.</summary>
/// <param name="At">When it was first received.</param>
/// <param name="LastAt">When it was last received.</param>
/// <param name="Count">How often it came.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="DeliveryId">The idempotency key of the first delivery that said so.</param>
/// <param name="Detail">Why, in words.</param>
/// <param name="By">Who did it, where a person did and gave a name.</param>
public sealed record TimelineView(
    DateTime At,
    DateTime LastAt,
    long Count,
    Source Source,
    string Event,
    Outcome Outcome,
    string? DeliveryId,
    string? Detail,
    string? By)
{
    /// <summary>Shows a line.</summary>
    public static TimelineView Of(TimelineEntry entry) => new(
        entry.At.UtcDateTime,
        entry.LastAt.UtcDateTime,
        entry.Count,
        entry.Source,
        entry.Event,
        entry.Outcome,
        entry.DeliveryId,
        entry.Detail,
        entry.By);
}
