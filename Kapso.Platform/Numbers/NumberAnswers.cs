using Kapso.Platform.Api;

namespace Kapso.Platform.Numbers;

/// <summary>What the platform's rows of numbers say, as observations.</summary>
internal static class NumberAnswers
{
    private const int MaxDisplayNumber = 64;

    /// <summary>
    /// Finds the row in the answer to a question for one number. Absence is proven by an answer to this question alone: a longer
    /// list is an answer to another one, and a row that cannot be read could be the number.
    /// </summary>
    /// <param name="page">The answer.</param>
    /// <param name="phoneNumberId">The number that was asked for.</param>
    /// <param name="row">The number's row; null where it is not there.</param>
    /// <returns>Whether the answer is one to this question.</returns>
    public static bool TryRead(PlatformPage<PlatformNumber> page, string phoneNumberId, out PlatformNumber? row)
    {
        row = page.Items.FirstOrDefault(one => one.PhoneNumberId == phoneNumberId);
        return row is not null || (page.Next is null && page.Items.Count == 0 && page.Unreadable == 0);
    }

    /// <summary>What an answer to a question for this customer's number says.</summary>
    /// <param name="row">The number's row; null where it is not there.</param>
    /// <param name="phoneNumberId">The number that was asked for.</param>
    /// <param name="customerId">The customer that was asked for.</param>
    /// <param name="event">The answer's name in the timeline.</param>
    /// <param name="receivedAt">When it came.</param>
    public static Observation Observe(
        PlatformNumber? row, string phoneNumberId, string customerId, string @event, DateTimeOffset receivedAt) => new()
        {
            Kind = KindOf(row, customerId),
            Source = Source.Api,
            Event = @event,
            PhoneNumberId = phoneNumberId,
            ReceivedAt = receivedAt,
            Details = row?.CustomerId == customerId ? Details(row!) : null,
            RowCreatedAt = row?.CreatedAt,
        };

    /// <summary>Whose connected number a row proves; null where it proves nothing: no customer, no account, another status, or ids that cannot be keys.</summary>
    public static CustomerKey? OwnerOf(PlatformNumber row, string projectId) =>
        row.CustomerId is { } customer
        && BoundedId.IsValid(row.PhoneNumberId)
        && KindOf(row, customer) == ObservationKind.ApiConnected
        && CustomerKey.TryCreate(projectId, customer, out var key)
            ? key
            : null;

    /// <summary>
    /// Whether the platform says outright that a row's number is not connected. What is null, or another word, is not confirmed,
    /// and proves nothing; this word is what the webhook says that may have been lost.
    /// </summary>
    public static bool IsDisconnected(PlatformNumber row) => row.Status == PlatformNumber.Disconnected;

    private static ObservationKind KindOf(PlatformNumber? row, string customerId) => row switch
    {
        null => ObservationKind.ApiAbsent,
        { CustomerId: { } owner } when owner != customerId => ObservationKind.ApiAbsent,
        { CustomerId: not null } when IsDisconnected(row) => ObservationKind.ApiAbsent,
        { CustomerId: null } or { BusinessAccountId: null } or { Status: not PlatformNumber.Connected } => ObservationKind.ApiUnconfirmed,
        _ => ObservationKind.ApiConnected,
    };

    private static NumberDetails Details(PlatformNumber row) => new()
    {
        DisplayPhoneNumber = Display(row),
        BusinessAccountId = BoundedId.IsValid(row.BusinessAccountId) ? row.BusinessAccountId : null,
        Name = PlainName.Of(row.Name),
        VerifiedName = PlainName.Of(row.VerifiedName),
    };

    private static string? Display(PlatformNumber row)
    {
        if (row.DisplayPhoneNumber is { Length: <= MaxDisplayNumber } display && BoundedId.IsValid(display))
            return display;
        return ContactPhones.TryNormalize("+" + row.DisplayPhoneNumberNormalized, out var phone) ? phone : null;
    }
}
