namespace Kapso.Tests.Model;

/// <summary>Observations that no well-meaning sender makes, each of them possible as the types stand.</summary>
internal static class Wild
{
    private static readonly string?[] Texts =
        [null, "", "x", "platform-1", "state-customer-1-1", "facebook_auth_failed", "\u0000", "\"\\<>", "\U0001F600", new string('9', 128)];

    public static Observation Observation(Random random, Connection connection) => new()
    {
        Kind = Any<ObservationKind>(random),
        Source = Any<Source>(random),
        Event = Text(random) ?? "none",
        PhoneNumberId = random.Next(3) > 0 && connection.Numbers.Length > 0
            ? connection.Numbers[random.Next(connection.Numbers.Length)].PhoneNumberId
            : Text(random),
        ReceivedAt = Scenario.Start.AddMilliseconds(random.NextInt64(-100_000_000_000, 100_000_000_000)),
        Replayed = random.Next(2) == 0,
        OccurredAt = Time(random),
        RowCreatedAt = Time(random),
        Finding = random.Next(2) == 0 ? Any<RowFinding>(random) : null,
        PlatformStatus = Text(random),
        NumberKind = random.Next(3) switch { 0 => Number.Sandbox, 1 => "production", _ => Text(random) },
        DeliveryId = Text(random),
        SetupLinkId = Text(random),
        State = Text(random),
        ErrorCode = Text(random),
        Details = random.Next(2) == 0 ? new NumberDetails { DisplayPhoneNumber = Text(random), BusinessAccountId = Text(random) } : null,
        ConnectionType = Text(random),
        Disconnection = random.Next(3) == 0 ? new Disconnection { Reason = Text(random), InitiatedBy = Text(random) } : null,
        Account = random.Next(2) == 0 ? Account(random) : null,
        Customer = random.Next(2) == 0 ? new CustomerNames(Text(random), Text(random)) : null,
        ProofVersion = random.Next(4) switch { 0 => int.MinValue, 1 => int.MaxValue, 2 => 1, _ => null },
        PreviousOwner = Text(random),
        TraceParent = Text(random),
    };

    private static AccountNews Account(Random random) => new()
    {
        EventId = Text(random),
        Reinstated = random.Next(3) == 0,
        Notices =
        [
            .. Enumerable.Range(0, random.Next(12)).Select(_ => new AccountNotice
            {
                Kind = Any<AccountNoticeKind>(random),
                Type = Text(random),
                Detail = Text(random),
                Until = Time(random),
            }),
        ],
    };

    private static string? Text(Random random) => Texts[random.Next(Texts.Length)];

    private static DateTimeOffset? Time(Random random) => random.Next(5) switch
    {
        0 => DateTimeOffset.MinValue,
        1 => DateTimeOffset.MaxValue,
        2 => Scenario.Start.AddMilliseconds(random.NextInt64(-100_000_000_000, 100_000_000_000)),
        _ => null,
    };

    private static T Any<T>(Random random)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        return values[random.Next(values.Length)];
    }
}
