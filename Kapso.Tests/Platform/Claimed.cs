namespace Kapso.Tests.Platform;

/// <summary>Claimed effects for the runners' tests.</summary>
internal static class Claimed
{
    public static readonly CustomerKey Key = new("project-1", "customer-1");
    public static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    public static CustomerNames Names { get; } = new("own-1", "Customer One");

    public static Number Number { get; } = new()
    {
        PhoneNumberId = "123456789012345",
        Status = NumberStatus.Connected,
        Details = new NumberDetails { DisplayPhoneNumber = "+15551234567", BusinessAccountId = "waba-9", Name = "Shop", VerifiedName = "Shop Ltd" },
        DetailsProven = true,
        SetupLinkId = "link-7",
        SetupLinkProven = true,
    };

    public static ClaimedEffect Welcome(Number? number = null, string? traceParent = null) => new(
        Key,
        new Effect
        {
            Id = EffectIds.Welcome(Key, "123456789012345"),
            Kind = EffectKind.Welcome,
            Status = EffectStatus.InFlight,
            Attempt = 1,
            CreatedAt = At,
            DueAt = At,
            PhoneNumberId = "123456789012345",
            TraceParent = traceParent,
        },
        number ?? Number)
    {
        Customer = Names,
    };

    public static ClaimedEffect Notify(NotifyType type, Number? number = null, string? detail = null, string? setupLinkId = null) => new(
        Key,
        new Effect
        {
            Id = EffectIds.Notify(Key, 4),
            Kind = EffectKind.Notify,
            Status = EffectStatus.InFlight,
            Attempt = 1,
            CreatedAt = At,
            DueAt = At,
            NotifyType = type,
            Sequence = 4,
            PhoneNumberId = number?.PhoneNumberId,
            Detail = detail,
            SetupLinkId = setupLinkId,
        },
        number)
    {
        Customer = Names,
    };
}
