using Kapso.Connections.Reconciling;
using Kapso.Connections.Webhooks;
using Kapso.Tests.Web;
using Microsoft.Playwright;

namespace Kapso.Tests.Browser;

/// <summary>The service with customers in every state, as an operator finds it on a bad day.</summary>
internal sealed class OperatorStage : IAsyncDisposable
{
    public const string Held = "cust-held";
    public const string Dead = "cust-dead";
    public const string Steady = "cust-steady";
    public const string Erased = "cust-erased";
    public const string Restricted = "cust-restricted";

    /// <summary>A receiver with messages of every kind.</summary>
    public const string Receiver = "rcv_steady";

    /// <summary>A receiver to which nothing went through for a day.</summary>
    public const string DisabledReceiver = "rcv_disabled";

    /// <summary>A customer with a name, an own id and a display number.</summary>
    public const string Gone = "cust-gone";
    public const string Operator = "operator-1";
    public const string Root = "/ops/" + WebHost.Project;

    private OperatorStage(WebHost host) => Host = host;

    public WebHost Host { get; }

    public Uri Address => Host.Client.BaseAddress!;

    /// <summary>The welcome of <see cref="Held"/>.</summary>
    public string HeldWelcome { get; } = EffectIds.Welcome(new CustomerKey(WebHost.Project, Held), "100000000000002");

    /// <summary>A delivery that can be replayed.</summary>
    public string Replayable { get; } = "0199d000-0000-7000-8000-000000000001";

    /// <summary>A delivery that can only be discarded.</summary>
    public string Broken { get; } = "0199d000-0000-7000-8000-000000000002";

    /// <summary>What welcomes come to from now on, by customer.</summary>
    public Func<ClaimedEffect, EffectResult> Welcome { get; set; } = static claimed => claimed.Key.CustomerId switch
    {
        Held => EffectResult.Held("The message may have been sent: the platform did not answer in time."),
        Dead => EffectResult.Dead("The receiver answered 410."),
        _ => EffectResult.Done,
    };

    public static async Task<OperatorStage> OpenAsync()
    {
        OperatorStage? stage = null;
        var runner = new Runner(claimed => stage!.Welcome(claimed));
        stage = new OperatorStage(await WebHost.StartAsync(server: true, environment: "Development", runner: runner));
        await stage.FillAsync();
        return stage;
    }

    /// <summary>A window in which an operator has signed in.</summary>
    public async Task<Visitor> SignInAsync(
        ColorScheme colors = ColorScheme.Light, int width = 1280, bool scripted = true)
    {
        var visitor = await Visitor.OpenAsync(Address, colors, width: width, scripted: scripted);
        await visitor.GoAsync("/ops");
        await SignInAsync(visitor);
        await visitor.SeeAsync("Needs a person");
        return visitor;
    }

    public static Task SignInAsync(Visitor visitor, string key = WebHost.ManagementKey, string name = Operator) =>
        visitor.SignInAsync(key, name);

    public static string PageOf(string customer) => $"{Root}/customer?id={customer}";

    public Task<Receipt> ObserveAsync(string customer, ObservationKind kind, string? number, string name, string? code = null) =>
        Host.Engine.ObserveAsync(
            new CustomerKey(WebHost.Project, customer),
            new Observation
            {
                Kind = kind,
                Source = kind is ObservationKind.RedirectSucceeded or ObservationKind.SetupFailed ? Source.Redirect : Source.Webhook,
                Event = name,
                PhoneNumberId = number,
                ErrorCode = code,
                ReceivedAt = DateTimeOffset.UtcNow,
                DeliveryId = $"delivery-{customer}",
                TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                Details = kind == ObservationKind.RedirectSucceeded || name == "whatsapp.config.created" ? new NumberDetails { DisplayPhoneNumber = "+15551234567" }
                    : customer == Gone ? new NumberDetails { DisplayPhoneNumber = "+55 64 99876-0001", VerifiedName = "شركة المثال" }
                    : null,
                Customer = customer == Gone ? new CustomerNames("crm/42", "شركة المثال (São Paulo)") : null,
            },
            CancellationToken.None);

    private async Task FillReceiversAsync()
    {
        var now = DateTimeOffset.UtcNow;
        await Host.Engine.SaveReceiversAsync(
            WebHost.Project,
            new ReceiverBook()
                .With(new ReceiverEntry
                {
                    Id = Receiver,
                    Url = new Uri("https://app.example.com/hooks/changes"),
                    CreatedAt = now,
                    Tag = "plan:enterprise",
                    Types = [NotifyType.Connected, NotifyType.Gone],
                    Secrets = [new ReceiverSecret(new BearerSecret("whsec_a")), new ReceiverSecret(new BearerSecret("whsec_b"), now.AddDays(1))],
                })
                .With(new ReceiverEntry
                {
                    Id = DisabledReceiver,
                    Url = new Uri("https://crm.example.com/kapso"),
                    CreatedAt = now,
                    Tag = "plan:free",
                    DisabledAt = now,
                    DisabledWhy = "Nothing went through to it since 2026-02-28 11:59 UTC.",
                }) with
            { Version = 1 },
            CancellationToken.None);
        for (var i = 0; i < 12; i++)
        {
            await Host.Engine.RecordMessageAsync(
                WebHost.Project,
                Receiver,
                new ReceiverMessage
                {
                    Id = $"ntf_{i}",
                    Type = "connection.connected",
                    CustomerId = i % 3 == 0 ? Steady : Gone,
                    Status = (MessageStatus)(i % 4),
                    CreatedAt = now.AddMinutes(-i),
                    At = now,
                    Attempts = i % 4 == 2 ? 0 : 1 + (i % 5),
                    Answer = i % 4 is 0 or 3 ? new Exchange(i % 4 == 0 ? 200 : 410, "{\"said\":\"<b>as it came</b>\"}", 12 + i) : null,
                    Error = i % 4 == 0 ? null : "The receiver answered 410, which refuses it for good.",
                    Effect = new Effect { Id = $"ntf_{i}", Kind = EffectKind.Notify, CreatedAt = now, DueAt = now, Sequence = i },
                },
                CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>Lines of every kind that the audit shows.</summary>
    private async Task FillAuditAsync()
    {
        AuditLine[] lines =
        [
            Line("link.issue", 0) with { CustomerId = "880e8400-e29b-41d4-a716-446655440003", Target = "lnk_0199d0000000700080000000000000aa", Detail = "contact_phone set", Outcome = AuditOutcome.Done, Status = 201 },
            Line("customer.greet", 1) with { By = AuditActor.Person("شركة المثال"), CustomerId = Gone, Target = "100000000000005", Outcome = AuditOutcome.Refused, Status = 409 },
            Line("key.refused", 2) with { By = AuditActor.Unknown, ProjectId = null, Outcome = AuditOutcome.Refused, Count = 1_234 },
            Line("customer.create", 3) with { Outcome = AuditOutcome.Unknown, Status = 502, TraceId = "0af7651916cd43dd8448eb211c80319c" },
            Line("link.revoke", 4) with { CustomerId = Steady, Outcome = AuditOutcome.Failed, Status = 503 },
            Line("effect.resend", 5) with { By = AuditActor.Person(Operator), CustomerId = Dead },
        ];
        foreach (var line in lines)
            await Host.Engine.AppendAuditAsync(line, CancellationToken.None);

        static AuditLine Line(string action, int minutesAgo) => new()
        {
            Id = AuditLine.NewId(DateTimeOffset.UtcNow.AddMinutes(-minutesAgo)),
            Action = action,
            By = AuditActor.ManagementKey,
            ProjectId = WebHost.Project,
            Network = "203.0.113.0/24",
        };
    }

    private async Task FillAsync()
    {
        await FillAuditAsync();
        await ObserveAsync(Erased, ObservationKind.Gone, "100000000000099", "whatsapp.phone_number.deleted");
        await Host.Engine.EraseAsync(new CustomerKey(WebHost.Project, Erased), CancellationToken.None);
        await ObserveAsync(Steady, ObservationKind.RedirectSucceeded, "100000000000001", "redirect.success");
        for (var i = 0; i < 4; i++)
            await ObserveAsync(Steady, ObservationKind.Created, "100000000000001", WebHost.Created);
        await ObserveAsync(Held, ObservationKind.Created, "100000000000002", WebHost.Created);
        await ObserveAsync(Dead, ObservationKind.Created, "100000000000003", WebHost.Created);
        await ObserveAsync("cust-hinted", ObservationKind.RedirectSucceeded, "100000000000004", "redirect.success");
        await ObserveAsync(Gone, ObservationKind.Created, "100000000000005", WebHost.Created);
        await ObserveAsync(Gone, ObservationKind.Gone, "100000000000005", "whatsapp.phone_number.deleted");
        await FillReceiversAsync();
        await Host.Engine.ChangeCustomerAsync(
            new CustomerKey(WebHost.Project, Gone),
            new CustomerChange { Tags = new Dictionary<string, string?> { ["plan"] = "pro", ["region"] = "são paulo", ["billing"] = "https://billing.example.com/accounts/123456" } },
            Operator,
            CancellationToken.None);
        await ObserveAsync("cust-robbed", ObservationKind.Created, "100000000000006", WebHost.Created);
        await ObserveAsync("cust-robber", ObservationKind.Created, "100000000000006", WebHost.Created);
        await ObserveAsync("cust-returned", ObservationKind.Reconnected, "100000000000007", "whatsapp.phone_number.reconnected");
        await FillRestrictedAsync();
        foreach (var number in (string[])["100000000000009", "100000000000019"])
            await ObserveAsync("cust-again", ObservationKind.Created, number, "whatsapp.config.created");
        var state = await Host.CreateStateAsync(customer: "cust-failed");
        await Host.ReadPageAsync($"/whatsapp/failed/{state}?error_code=phone_verification_failed");
        for (var i = 0; i < 60; i++)
            await ObserveAsync($"many-{i:000}", ObservationKind.Created, $"2000000000000{i:00}", WebHost.Created);
        await Host.Engine.SaveReconciliationAsync(WebHost.Project, Reconciled(), CancellationToken.None);
        await ParkAsync(Replayable, ParkedReason.UnknownCustomer, WebHost.FlatBody("100000000000009", "cust-late"));
        await ParkAsync(Broken, ParkedReason.Malformed, "{\"phone_number_id\":");
        await Host.Engine.AddTurnedAwayAsync(
            WebHost.Project,
            [Turned(TurnedAwayKind.SignatureWrong, 4, "203.0.113.0/24", "2001:db8:7::/48"), Turned(TurnedAwayKind.RedirectLimited, 1_200, "198.51.100.0/24")],
            CancellationToken.None);
        await Host.Engine.AddTurnedAwayAsync(
            null, [Turned(TurnedAwayKind.ProxyNotTrusted, 31, [.. Enumerable.Range(0, 20).Select(i => $"10.0.{i}.0/24")])], CancellationToken.None);
        await Wait.ForAsync(
            async () => await Host.Engine.CountAsync(WebHost.Project, CancellationToken.None) is { EffectsHeld: 1, EffectsDead: 1, NumbersDisputed: 1 },
            "a held and a dead welcome and a disputed number");
    }

    private static TurnedAwayTally Turned(TurnedAwayKind kind, int count, params string[] networks) => new(
        kind, count, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, [.. networks.Select(network => new NetworkCount(network, count, DateTimeOffset.UtcNow))]);

    /// <summary>A number that went, with the reason, and came back; then its account was restricted twice, and disabled.</summary>
    private async Task FillRestrictedAsync()
    {
        const string Number = "100000000000008";
        var key = new CustomerKey(WebHost.Project, Restricted);
        await ObserveAsync(Restricted, ObservationKind.Created, Number, WebHost.Created);
        var told = new Observation
        {
            Kind = ObservationKind.Gone,
            Source = Source.Webhook,
            Event = WebhookEvents.Disconnected,
            PhoneNumberId = Number,
            ReceivedAt = DateTimeOffset.UtcNow,
            ConnectionType = "coexistence",
            Disconnection = new Disconnection { Reason = "primary_inactivity", InitiatedBy = "system" },
        };
        await Host.Engine.ObserveAsync(key, told, CancellationToken.None);
        await ObserveAsync(Restricted, ObservationKind.Reconnected, Number, WebhookEvents.Reconnected);
        AccountNotice[] notices =
        [
            new() { Kind = AccountNoticeKind.Restricted, Type = "RESTRICTED_BIZ_INITIATED_MESSAGING", Until = DateTimeOffset.UtcNow.AddDays(3) },
            new() { Kind = AccountNoticeKind.Violation, Type = "SPAM", Detail = "Write only to people who agreed to it." },
        ];
        foreach (var notice in notices)
        {
            var news = new AccountNews { EventId = notice.Type, Notices = [notice] };
            var name = notice.Kind == AccountNoticeKind.Restricted ? WebhookEvents.AccountRestricted : WebhookEvents.AccountViolation;
            await Host.Engine.ObserveAsync(
                key,
                told with { Kind = ObservationKind.AccountChanged, Event = name, Disconnection = null, Account = news },
                CancellationToken.None);
        }
    }

    private static Reconciliation Reconciled() => new()
    {
        Version = 1,
        Last = new ReconciliationReport
        {
            PassId = "1",
            Full = true,
            AskedBy = Operator,
            StartedAt = DateTimeOffset.UtcNow.AddMinutes(-11),
            FinishedAt = DateTimeOffset.UtcNow.AddMinutes(-10),
            Counts = new ReconciliationCounts { Listed = 68, Applied = 2, Missing = 1, Asked = 1, Gone = 1 },
        },
        FullAt = DateTimeOffset.UtcNow.AddMinutes(-11),
        Running = new ReconciliationPass
        {
            Id = "2",
            StartedAt = DateTimeOffset.UtcNow,
            Step = ReconciliationStep.List,
            Counts = new ReconciliationCounts { Listed = 40 },
        },
        Alarms =
        [
            new ReconciliationAlarm(
                ReconciliationAlarmKind.WebhookPaused, "The platform has paused it after failed deliveries: enable it again there.",
                DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow),
            new ReconciliationAlarm(
                ReconciliationAlarmKind.ManyGone,
                "The platform says of 9 numbers that they are not there, which is more than 6 of 68: none was marked gone. Check the project's ApiKey and the platform, then reconcile again; if they are really gone, accept it.",
                DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow) { Numbers = 9 },
        ],
    };

    private Task ParkAsync(string id, ParkedReason reason, string body) => Host.Engine.ParkAsync(
        new ParkedDelivery
        {
            Id = id,
            ProjectId = WebHost.Project,
            Reason = reason,
            Detail = "Made for the tests.",
            ReceivedAt = DateTimeOffset.UtcNow,
            Event = WebHost.Created,
            IdempotencyKey = "key-of-" + id,
            PayloadVersion = "v2",
            ContentType = "application/json",
            Body = System.Text.Encoding.UTF8.GetBytes(body),
            TraceParent = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        },
        CancellationToken.None);

    private sealed class Runner(Func<ClaimedEffect, EffectResult> answer) : IEffectRunner
    {
        public EffectKind Kind => EffectKind.Welcome;

        public Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken) =>
            Task.FromResult(answer(claimed));
    }
}
