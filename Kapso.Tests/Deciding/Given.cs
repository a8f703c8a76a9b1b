namespace Kapso.Tests.Deciding;

/// <summary>Short ways to say what a test of the heart is about. Time is a plain value here.</summary>
internal static class Given
{
    public const string Number = "123456789012345";
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly CustomerKey Key = new("990e8400-e29b-41d4-a716-446655440004", "880e8400-e29b-41d4-a716-446655440003");
    public static readonly ConnectionPolicy WithoutKey = new() { WelcomeSince = Noon.AddYears(-1), Notifies = true };
    public static readonly ConnectionPolicy WithKey = WithoutKey with { CanConfirm = true };
    public static readonly LeaseHolder Holder = new("holder-1", Sole: false);

    public static Observation Observation(ObservationKind kind, DateTimeOffset at, string? number = Number) => new()
    {
        Kind = kind,
        Source = kind switch
        {
            ObservationKind.Created or ObservationKind.Reconnected or ObservationKind.Gone => Source.Webhook,
            ObservationKind.RedirectSucceeded or ObservationKind.SetupFailed => Source.Redirect,
            ObservationKind.ClaimedElsewhere => Source.Service,
            _ => Source.Api,
        },
        Event = kind.ToString(),
        PhoneNumberId = number,
        ReceivedAt = at,
        RowCreatedAt = kind == ObservationKind.ApiConnected ? at.AddMinutes(-1) : null,
    };

    /// <summary>A connection whose number stands where the test wants it, by real observations at <see cref="Noon"/>.</summary>
    public static Connection Standing(NumberStatus? status, ConnectionPolicy policy)
    {
        var connection = Connection.Empty(Key);
        return status switch
        {
            null => connection,
            NumberStatus.Hinted => connection.After(ObservationKind.RedirectSucceeded, Noon, policy),
            NumberStatus.Connected => connection.After(ObservationKind.Created, Noon, policy),
            NumberStatus.Gone => connection
                .After(ObservationKind.Created, Noon.AddDays(-1), policy)
                .After(ObservationKind.Gone, Noon, policy),
            _ => connection
                .After(ObservationKind.RedirectSucceeded, Noon.AddMinutes(-20), policy)
                .After(ObservationKind.ApiAbsent, Noon, policy),
        };
    }

    public static Connection After(this Connection connection, ObservationKind kind, DateTimeOffset at, ConnectionPolicy policy) =>
        connection.After(Observation(kind, at), policy).Connection;

    public static Decision After(this Connection connection, Observation observation, ConnectionPolicy policy) =>
        Decisions.Observe(connection, observation, policy, observation.ReceivedAt);

    public static Number TheNumber(this Connection connection) => Assert.Single(connection.Numbers);

    public static Effect? Effect(this Connection connection, EffectKind kind) =>
        connection.Outbox.SingleOrDefault(effect => effect.Kind == kind);

    /// <summary>How many effects of each kind may be claimed.</summary>
    public static int[] Room(int confirms = 100, int welcomes = 100, int notifies = 100, int releases = 100) =>
        [confirms, welcomes, notifies, releases];

    /// <summary>Claims all that is due, and says what was claimed.</summary>
    public static (Connection Connection, IReadOnlyList<ClaimedEffect> Claimed) Claimed(
        this Connection connection, DateTimeOffset now, ConnectionPolicy? policy = null, LeaseHolder? holder = null)
    {
        var claims = Decisions.Claim(connection, policy ?? WithoutKey, holder ?? Holder, Room(), now);
        return (claims.Connection, claims.Effects);
    }
}
