namespace Kapso.Connections.Redirects;

/// <summary>What the query of a redirect says, as far as it is usable. All of it is a hint.</summary>
public sealed record RedirectParameters
{
    /// <summary>The only documented <see cref="Status"/>.</summary>
    public const string Completed = "completed";

    /// <summary>The event's name in the timeline for a success redirect.</summary>
    public const string SuccessEvent = "redirect.success";

    /// <summary>The event's name in the timeline for a failure redirect.</summary>
    public const string FailureEvent = "redirect.failure";

    /// <summary>The platform's id of the setup link: a <see cref="BoundedId"/>.</summary>
    public string? SetupLinkId { get; init; }

    /// <summary>
    /// Meta's id of the number, 1 to 32 digits. Missing in the oldest form of the redirect; no other parameter stands in
    /// for it.
    /// </summary>
    public string? PhoneNumberId { get; init; }

    /// <summary>The WhatsApp Business Account: a <see cref="BoundedId"/>.</summary>
    public string? BusinessAccountId { get; init; }

    /// <summary>The display number in E.164: <c>+</c> and 7 to 15 digits.</summary>
    public string? DisplayPhoneNumber { get; init; }

    /// <summary>Legacy: a <see cref="BoundedId"/>.</summary>
    public string? WhatsappConfigId { get; init; }

    /// <summary>The platform's id of a number that it provisioned, a <see cref="BoundedId"/>; not Meta's id.</summary>
    public string? ProvisionedPhoneNumberId { get; init; }

    /// <summary><see cref="Completed"/>, or null for anything else.</summary>
    public string? Status { get; init; }

    /// <summary>One of <see cref="SetupErrorCodes"/>; <see cref="SetupErrorCodes.Unknown"/> also where there is none.</summary>
    public required string ErrorCode { get; init; }

    /// <summary>
    /// What a success redirect says: a hint that the number was connected. Without a number
    /// (<see cref="Observation.PhoneNumberId"/> is null) it speaks of its setup link only.
    /// </summary>
    /// <param name="receivedAt">When the browser came.</param>
    /// <param name="state">The state in the redirect URL's path, or null.</param>
    /// <param name="traceParent">W3C <c>traceparent</c> of the request, or null.</param>
    public Observation ToSuccess(DateTimeOffset receivedAt, string? state = null, string? traceParent = null) => new()
    {
        Kind = ObservationKind.RedirectSucceeded,
        Source = Source.Redirect,
        Event = SuccessEvent,
        PhoneNumberId = PhoneNumberId,
        ReceivedAt = receivedAt,
        SetupLinkId = SetupLinkId,
        State = state,
        Details = PhoneNumberId is null || (BusinessAccountId is null && DisplayPhoneNumber is null) ? null : new NumberDetails
        {
            BusinessAccountId = BusinessAccountId,
            DisplayPhoneNumber = DisplayPhoneNumber,
        },
        TraceParent = traceParent,
    };

    /// <summary>What a failure redirect says: a hint that the setup behind a link failed. It names no number.</summary>
    /// <param name="receivedAt">When the browser came.</param>
    /// <param name="state">The state in the redirect URL's path, or null.</param>
    /// <param name="traceParent">W3C <c>traceparent</c> of the request, or null.</param>
    public Observation ToFailure(DateTimeOffset receivedAt, string? state = null, string? traceParent = null) => new()
    {
        Kind = ObservationKind.SetupFailed,
        Source = Source.Redirect,
        Event = FailureEvent,
        ReceivedAt = receivedAt,
        SetupLinkId = SetupLinkId,
        State = state,
        ErrorCode = ErrorCode,
        TraceParent = traceParent,
    };
}
