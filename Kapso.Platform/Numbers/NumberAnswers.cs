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
        PlatformNumber? row, string phoneNumberId, string customerId, string @event, DateTimeOffset receivedAt)
    {
        var finding = Find(row, customerId);
        return new()
        {
            Kind = finding switch
            {
                null => ObservationKind.ApiConnected,
                RowFinding.NotListed or RowFinding.AnotherCustomers or RowFinding.Disconnected => ObservationKind.ApiAbsent,
                _ => ObservationKind.ApiUnconfirmed,
            },
            Finding = finding,
            Source = Source.Api,
            Event = @event,
            PhoneNumberId = phoneNumberId,
            ReceivedAt = receivedAt,
            Details = row?.CustomerId == customerId ? Details(row!) : null,
            RowCreatedAt = row?.CreatedAt,

            // The word for a number that works says nothing more, and of another customer's number nothing is told.
            PlatformStatus = finding == RowFinding.AnotherCustomers || row?.Status == PlatformNumber.Connected ? null : PlatformWords.Of(row?.Status),
            NumberKind = KindOf(row?.Kind),
        };
    }

    /// <summary>Whose connected number a row proves; null where it proves nothing: no customer, no account, another status, or ids that cannot be keys.</summary>
    public static CustomerKey? OwnerOf(PlatformNumber row, string projectId) =>
        row.CustomerId is { } customer
        && BoundedId.IsValid(row.PhoneNumberId)
        && Find(row, customer) is null
        && CustomerKey.TryCreate(projectId, customer, out var key)
            ? key
            : null;

    /// <summary>
    /// Whether the platform says outright that a row's number is not connected. What is null, or another word, is not confirmed,
    /// and proves nothing; this word is what the webhook says that may have been lost.
    /// </summary>
    public static bool IsDisconnected(PlatformNumber row) => row.Status == PlatformNumber.Disconnected;

    /// <summary>What a row lacks to prove the number connected and this customer's; null where it proves it.</summary>
    public static RowFinding? Find(PlatformNumber? row, string customerId) => row switch
    {
        null => RowFinding.NotListed,
        { CustomerId: { } owner } when owner != customerId => RowFinding.AnotherCustomers,
        { CustomerId: null } => RowFinding.NoCustomer,
        { Status: PlatformNumber.Disconnected } => RowFinding.Disconnected,
        { Status: null } => RowFinding.NoStatus,
        { Status: not PlatformNumber.Connected } => RowFinding.OtherStatus,
        { BusinessAccountId: null } => RowFinding.NoAccount,
        _ => null,
    };

    private static string? KindOf(string? kind) =>
        string.Equals(kind?.Trim(), Number.Sandbox, StringComparison.OrdinalIgnoreCase) ? Number.Sandbox : PlatformWords.Of(kind);

    private static NumberDetails Details(PlatformNumber row) => new()
    {
        DisplayPhoneNumber = Display(row),
        BusinessAccountId = BoundedId.IsValid(row.BusinessAccountId) ? row.BusinessAccountId : null,
        Name = PlainName.Of(row.Name),
        VerifiedName = PlainName.Of(row.VerifiedName),
    };

    private static string? Display(PlatformNumber row)
    {
        if (row.DisplayPhoneNumber is { Length: <= MaxDisplayNumber } told && PlainName.Of(told) is { } display)
            return display;
        return ContactPhones.TryNormalize("+" + row.DisplayPhoneNumberNormalized, out var phone) ? phone : null;
    }
}
