namespace Kapso.Connections.Webhooks;

/// <summary>What one flat body, envelope or item of a batch says, as far as it is read; not yet judged.</summary>
internal struct WebhookItem
{
    /// <summary>Its <c>event</c>; of an envelope, the outer one where there are two.</summary>
    public string? Event;

    /// <summary>The <c>event</c> within an envelope's <c>data</c>.</summary>
    public string? DataEvent;

    /// <summary>A <c>project.id</c> that is not the project whose secret signed the body.</summary>
    public string? OtherProjectId;

    public string? PhoneNumberId;

    public string? CustomerId;

    /// <summary>The company's own id for the customer: <c>external_id</c>, or <c>external_customer_id</c> of the older form.</summary>
    public string? OwnId;

    /// <summary>The customer's name, not cleaned yet.</summary>
    public string? CustomerName;

    public string? SetupLinkId;

    /// <summary>The account that the body speaks of, beside or instead of numbers.</summary>
    public string? BusinessAccountId;

    public string? DisplayPhoneNumber;

    public DateTimeOffset? OccurredAt;

    /// <summary>The event's own id.</summary>
    public string? EventId;

    public string? ConnectionType;

    public Disconnection? Disconnection;

    /// <summary>The numbers that an event of an account names, each once.</summary>
    public List<string>? PhoneNumbers;

    /// <summary>The restrictions of an event of an account, at most <see cref="AccountAttention.MaxOfKind"/>.</summary>
    public List<AccountNotice>? Restrictions;

    public AccountNotice? Violation;

    public AccountNotice? Ban;

    /// <summary>Whether its <c>test</c> is the literal true.</summary>
    public bool Test;

    /// <summary>The members of <see cref="BodyMember.Subject"/> that it has, on any level.</summary>
    public BodyMember Subject;

    /// <summary>The first thing that is wrong with it. Of no matter where the event is not ours.</summary>
    public string? Trouble;
}
