namespace Kapso.Connections.Webhooks;

/// <content>Events of a WhatsApp Business Account, which speak of all its numbers in the project.</content>
public static partial class WebhookReader
{
    private static WebhookReading JudgeAccount(in WebhookItem item, Observation observation)
    {
        List<string> numbers = item.PhoneNumbers ?? [];
        if (item.PhoneNumberId is { } only && !numbers.Contains(only))
            numbers.Add(only);
        if (numbers.Count > MaxBatch)
            return TooManyNumbers();
        if (numbers.Count == 0)
        {
            return new WebhookReading.Park(
                ParkedReason.UnknownCustomer,
                item.BusinessAccountId is { } account
                    ? $"It names the account {account} and none of its numbers: nothing here says whose it is."
                    : "It names neither a number nor an account.");
        }

        var news = observation with
        {
            // Whose a number is, is known here: another customer's number can be of the same account.
            SetupLinkId = null,
            ConnectionType = null,
            Details = null,
            Customer = null,
            Account = NewsOf(item, observation),
        };
        return new WebhookReading.Observations(
            [.. numbers.Select(number => new CustomerObservation(null, news with { PhoneNumberId = number }))]);
    }

    private static AccountNews NewsOf(in WebhookItem item, Observation observation) => new()
    {
        // An event without an id is known again by its time; without that, by its delivery.
        EventId = item.EventId ?? (observation.OccurredAt is null ? observation.DeliveryId : null),
        Reinstated = observation.Event == WebhookEvents.AccountReinstated,
        Notices = observation.Event switch
        {
            WebhookEvents.AccountReinstated => [],
            WebhookEvents.AccountDisabled => [(item.Ban ?? new AccountNotice()) with { Until = null }],
            WebhookEvents.AccountRestricted when item.Restrictions is { Count: > 0 } several => several,
            WebhookEvents.AccountRestricted => [new AccountNotice { Kind = AccountNoticeKind.Restricted }],
            _ => [item.Violation ?? new AccountNotice { Kind = AccountNoticeKind.Violation }],
        },
    };

    private static WebhookReading.Park TooManyNumbers() =>
        new(ParkedReason.BatchTooLarge, $"It names more than {MaxBatch} numbers.");
}
