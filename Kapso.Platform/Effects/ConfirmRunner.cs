using Kapso.Connections;
using Kapso.Platform.Api;

namespace Kapso.Platform.Effects;

/// <summary>Asks the platform about one number of a customer. Its answer observes and settles in one write.</summary>
internal sealed class ConfirmRunner(PlatformClients clients, TimeProvider time) : IEffectRunner
{
    /// <summary>The name that answers have in the timeline.</summary>
    internal const string Event = "api.confirm";

    private const int MaxDisplayNumber = 64;

    /// <inheritdoc/>
    public EffectKind Kind => EffectKind.Confirm;

    /// <inheritdoc/>
    public async Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        if (clients.Find(claimed.Key.ProjectId) is not { } client)
            return EffectResult.Retry("The project has no ApiKey: the platform cannot be asked.");
        if (claimed.Effect.PhoneNumberId is not { } number)
            return EffectResult.Dead("The confirm names no number.");

        var answer = await client.ListNumbersAsync(
            claimed.Key.CustomerId, number, page: null, CallPurpose.Confirmation, cancellationToken);
        return answer.IsDone
            ? Read(answer.Value, number, claimed)
            : EffectResult.Retry(answer.Error, answer.RetryAfter); // whatever it is, asking again repeats nothing
    }

    private EffectResult Read(PlatformPage<PlatformNumber> page, string number, ClaimedEffect claimed)
    {
        var row = page.Items.FirstOrDefault(one => one.PhoneNumberId == number);

        // Absence is proven by an answer to this question alone: a longer list is an answer to another one, and a row that
        // cannot be read could be the number.
        if (row is null && (page.Next is not null || page.Items.Count > 0 || page.Unreadable > 0))
            return EffectResult.Retry("The platform's list is not the answer to what was asked: the number is neither in it nor is it empty.");

        return EffectResult.Done with { Answer = Observe(row, number, claimed) };
    }

    private Observation Observe(PlatformNumber? row, string number, ClaimedEffect claimed) => new()
    {
        Kind = KindOf(row, claimed.Key.CustomerId),
        Source = Source.Api,
        Event = Event,
        PhoneNumberId = number,
        ReceivedAt = time.GetUtcNow(),
        Details = row?.CustomerId == claimed.Key.CustomerId ? Details(row) : null,
        RowCreatedAt = row?.CreatedAt,
        TraceParent = claimed.Effect.TraceParent,
    };

    private static ObservationKind KindOf(PlatformNumber? row, string customerId) => row switch
    {
        null => ObservationKind.ApiAbsent,
        { CustomerId: { } owner } when owner != customerId => ObservationKind.ApiAbsent,
        { CustomerId: null } or { BusinessAccountId: null } or { Status: not PlatformNumber.Connected } => ObservationKind.ApiUnconfirmed,
        _ => ObservationKind.ApiConnected,
    };

    private static NumberDetails Details(PlatformNumber row) => new()
    {
        DisplayPhoneNumber = row.DisplayPhoneNumber is { Length: <= MaxDisplayNumber } display ? display : null,
        BusinessAccountId = BoundedId.IsValid(row.BusinessAccountId) ? row.BusinessAccountId : null,
    };
}
