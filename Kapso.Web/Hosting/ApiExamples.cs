using System.Collections.Frozen;
using Kapso.Connections.Reconciling;
using Kapso.Connections.Webhooks;
using Kapso.Platform.Customers;
using Kapso.Platform.Reconciling;
using Kapso.Platform.Settings;
using Kapso.Web.Management;
using Kapso.Web.Webhooks;

namespace Kapso.Web.Hosting;

/// <summary>
/// An example of everything that is asked and answered, for the OpenAPI document: values of the very types, so that they say no more and
/// no less than these do. They tell of one customer, from the link to the welcome.
/// </summary>
internal static class ApiExamples
{
    /// <summary>A delivery as the platform sends it.</summary>
    public const string Delivery =
        """{"phone_number_id":"123456789012345","project":{"id":"990e8400-e29b-41d4-a716-446655440004"},"customer":{"id":"880e8400-e29b-41d4-a716-446655440003"}}""";

    /// <summary>The signature of <see cref="Delivery"/> with the secret <c>synthetic-webhook-secret</c>.</summary>
    public const string Signature = "7891c1bd7ee31b5308539ca6d2c4c74975fb2ac5906f4b24c3b9e66c3d80b86e";

    private const string Project = "990e8400-e29b-41d4-a716-446655440004";
    private const string Customer = "880e8400-e29b-41d4-a716-446655440003";
    private const string OwnId = "crm-42";
    private const string Name = "Example customer";
    private const string Number = "123456789012345";
    private const string Display = "+15551234567";
    private const string Link = "lnk_0199d0000000700080000000000000aa";
    private const string PlatformLink = "770e8400-e29b-41d4-a716-446655440002";
    private const string Receiver = "rcv_0199d0000000700080000000000000bb";
    private const string Message = "ntf_0199d0000000700080000000000000cc";
    private const string Parked = "0199d000-0000-7000-8000-0000000000dd";

    private static readonly DateTime Invited = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Connected = Invited.AddMinutes(9);
    private static readonly DateTime Later = Invited.AddDays(1);
    private static readonly Dictionary<string, string> Tags = new() { ["plan"] = "pro" };
    private static readonly Dictionary<string, string?> TagsToSet = new() { ["plan"] = "pro", ["trial"] = null };

    private static readonly SetupLinkView LinkView = new(
        Link, PlatformLink, SetupLinkStatus.Live, [], PendingErrorCode: null, SucceededAt: null, CreatedAt: Invited, UpdatedAt: Invited, SetupLinkSource.Issued,
        PlatformStatus: "active", SetupStatus: "pending", ExpiresAt: Invited.AddDays(30), CheckedAt: Invited, ReconnectsPhoneNumberId: null, Automatic: false);

    private static readonly UsableLinkView UsableLink = new(LinkView, "https://app.kapso.ai/setup/example");

    private static readonly ReceiverView ReceiverView = new(
        Receiver, new Uri("https://app.example.com/hooks/kapso"), OfSettings: false, ["connection.connected", "connection.gone"], Tag: "plan:pro", Disabled: false,
        DisabledAt: null, DisabledWhy: null, FailingSince: null, [new DayOfMessagesView(DateOnly.FromDateTime(Connected), Delivered: 12, Failed: 1)]);

    private static readonly MessageView MessageView = new(
        Message, "connection.connected", Customer, Sequence: 1, MessageStatus.Delivered, Attempts: 1, CreatedAt: Connected, LastAt: Connected,
        new ExchangeView(Status: 204, Body: null, DurationMs: 41), Error: null);

    private static readonly ParkedView ParkedView = new(
        Parked, ParkedReason.UnknownCustomer, "No customer is known for the number.", ParkedStatus.Waiting, DiscardOnly: false, ReceivedAt: Connected,
        ResolvedAt: null, "whatsapp.phone_number.created", "5f0c1a52-7a0e-4b57-9a41-2f6f6f6c8a11", PayloadVersion: "v2", Batch: false, "application/json", BodyBytes: Delivery.Length);

    /// <summary>Lines of the audit.</summary>
    public static IReadOnlyList<AuditLineView> Audit { get; } =
    [
        new AuditLineView(
            "0199d000000070008000000000000002", Invited, "link.issue", "ci", AuditActorKind.Key, Project, Customer, Link, Detail: null, "192.0.2.0/24",
            "0af7651916cd43dd8448eb211c80319c", AuditOutcome.Done, Status: 201, Count: null),
    ];

    private static readonly ReconciliationCounts Counts = new() { Listed = 120, Applied = 1, Missing = 2, Asked = 2 };

    private static readonly FrozenDictionary<Type, object> Values = new object[]
    {
        new DeliveryView("applied"),
        new AccessView("ci", ManagementRole.Operate, new DateTimeOffset(Invited.AddYears(1))),
        new ConnectionView(
            Project, Customer, OwnId, Name, Tags, ConnectionStatus.Connected, Sequence: 1, ContactPhone: Display,
            [
                new NumberView(
                    Number, NumberStatus.Connected, Adopted: false, Returned: false, SamePhoneAs: null, Unconfirmed: false, Disputed: false, Kind: "production",
                    PlatformStatus: "CONNECTED", DisplayPhoneNumber: Display, BusinessAccountId: "102290129340398", Name: Name, VerifiedName: Name, DetailsProven: true,
                    ["webhook", "redirect", "api"], ConnectedAt: Connected, GoneAt: null, ReconnectAt: null, ConnectionType: null, Disconnection: null, Attention: null,
                    new WelcomeView("wel_0199d0000000700080000000000000ee", EffectStatus.Done, Attempts: 1, LastError: null, LapsedAt: null)),
            ],
            [LinkView with { Status = SetupLinkStatus.Completed, SucceededAt = Connected, UpdatedAt = Connected, PlatformStatus = "used", SetupStatus = "completed" }],
            [
                new TimelineView(Connected, Connected, Count: 1, Source.Webhook, "whatsapp.phone_number.created", Outcome.Applied, "5f0c1a52-7a0e-4b57-9a41-2f6f6f6c8a11", Detail: null, By: null),
                new TimelineView(Connected, Connected, Count: 1, Source.Service, "welcome.done", Outcome.Applied, DeliveryId: null, Detail: null, By: null),
            ]),
        new ListView<ConnectionRowView>(
            [new ConnectionRowView(Customer, OwnId, Name, Tags, ConnectionStatus.Connected, [Number], [Display], Connected)], NextCursor: null),
        new NumberHealthView(Number, "healthy", FailedChecks: [], QualityRating: "GREEN", PlatformStatus: "CONNECTED", AsOf: Later, Problem: null),
        new CustomerRequest(ExternalId: OwnId, Name: Name, Tags: TagsToSet),
        new CustomerView(Customer, OwnId, OwnId, Name, Tags),
        new ChangeCustomerRequest(ContactPhone: Display, Name: Name, Tags: TagsToSet),
        new ErasureView(
            "b1946ac92492d2347c6235b4d2611184", new DateTimeOffset(Later), new DateTimeOffset(Later.AddSeconds(1)), PlatformErasure.Deleted,
            new ErasedCounts { Connections = 1, Numbers = 1, SetupLinks = 1, TimelineEntries = 6, Messages = 1 }, new RememberedView(Numbers: 1, Deliveries: 2), Remains: null),
        new CreateSetupLinkRequest(Language: "en", ContactPhone: Display, ReturnUrl: "https://app.example.com/whatsapp", ExternalId: OwnId, Name: Name, Tags: TagsToSet),
        new RegisterSetupLinkRequest(ReturnUrl: "https://app.example.com/whatsapp"),
        new ReconnectRequest(PhoneNumberId: Number, Language: "en"),
        UsableLink,
        new UsableLinkListView([UsableLink], PlatformError: null),
        LinkView,
        new RedirectUrlsRequest(SetupLinkId: PlatformLink, ReturnUrl: "https://app.example.com/whatsapp"),
        new RedirectUrlsView(
            Link, PlatformLink, "https://connect.example.com/whatsapp/success/0123456789abcdef0123456789abcdef",
            "https://connect.example.com/whatsapp/failed/0123456789abcdef0123456789abcdef"),
        new ListView<EffectView>(
            [
                new EffectView(
                    "wel_0199d0000000700080000000000000ee", Customer, OwnId, Name, Tags, EffectKind.Welcome, EffectStatus.Held, Attempts: 1,
                    "The message may have been sent: the platform did not answer in time.", Number, Connected),
            ],
            NextCursor: null),
        new EffectActionView("wel_0199d0000000700080000000000000ee", Changed: true),
        new ListView<ParkedView>([ParkedView], NextCursor: null),
        ParkedView,
        new ParkedBodyView(ParkedView, "utf-8", Delivery),
        new ActivityView(
            [new EventCountView("workflow.execution.failed", Count: 3, Later)], LastTestDelivery: Invited, [new FailedSetupView(Later, "link_expired", SetupLinkId: null)],
            UnclaimedHints: 0, LastWebhook: Later,
            [new TurnedAwayView(TurnedAwayKind.SignatureWrong, "a signature that no secret made", Count: 1, Later, InARow: 0, Alarm: null, [new NetworkCountView("192.0.2.0/24", Count: 1, Later)])]),
        new ReconcileRequest(AcceptGone: false),
        new ReconciliationView(
            Running: null, FullWanted: false, FullWantedBy: null, GoneAcceptedBy: null,
            new PassReportView("0199d000000070008000000000000001", Full: true, AskedBy: "operator-1", GoneAcceptedBy: null, Later, Later.AddSeconds(4), Error: null, Counts),
            LastFullAt: Later, Alarms: []),
        new SetupTestView(
            Passed: false,
            [
                new SetupFindingView(SetupStep.ApiKey, SetupState.Fails, "The project has no ApiKey to ask the platform with: set it in Kapso:Projects."),
                new SetupFindingView(SetupStep.Clock, SetupState.NotKnown, "Not looked at: a step before it has to hold."),
            ]),
        new RotatedWebhookView(Later.AddMinutes(10)),
        new ListView<AuditLineView>(Audit, NextCursor: null),
        new ListView<ReceiverView>([ReceiverView], NextCursor: null),
        ReceiverView,
        new NewReceiverView(ReceiverView, "whsec_ZXhhbXBsZS1vZi1hLXNlY3JldC1vZi1ub2JvZHk="),
        new ReceiverRequest(Url: "https://app.example.com/hooks/kapso", Types: ["connection.connected", "connection.gone"], Tag: "plan:pro"),
        new RotateRequest(),
        new ResendRequest(Since: new DateTimeOffset(Connected)),
        new ListView<MessageView>([MessageView], NextCursor: null),
        MessageView,
        new ExchangeView(Status: 204, Body: null, DurationMs: 41),
        new ResentView(Resent: 3),
    }.ToFrozenDictionary(static value => value.GetType());

    /// <summary>The example of a type; null for one that has none.</summary>
    public static object? Of(Type type) => Values.GetValueOrDefault(type);
}
