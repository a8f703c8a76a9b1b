namespace Kapso.Tests.Model;

internal sealed partial class World
{
    private readonly List<(CustomerKey Key, Observation Observation)> _history = [];
    private readonly List<(CustomerKey Key, Observation Observation)> _unanswered = [];
    private readonly List<(CustomerKey Key, Observation Observation)> _parked = [];

    private string NumberOf(Step step) => $"1000000000000{step.Number % scenario.Numbers:00}";

    /// <summary>Deliveries are received side by side: one may be folded in after one that was received later.</summary>
    private DateTimeOffset Received(int roll) => _now - TimeSpan.FromMilliseconds((roll % 6) switch { 0 => 1, 1 => 2_000, _ => 0 });

    private static NumberDetails? DetailsOf(int roll) =>
        (roll % 4) switch { 0 => new() { DisplayPhoneNumber = "+1 555" }, 1 => new() { DisplayPhoneNumber = "+1 666" }, _ => null };

    private void PlayWebhook(CustomerKey key, Step step)
    {
        var kind = (step.A % 10) switch { < 4 => ObservationKind.Created, < 6 => ObservationKind.Reconnected, _ => ObservationKind.Gone };
        var observation = new Observation
        {
            Kind = kind,
            Source = Source.Webhook,
            Event = $"webhook.{kind}",
            PhoneNumberId = NumberOf(step),
            ReceivedAt = Received(step.A / 16),
            OccurredAt = step.B % 3 == 0 ? _now - TimeSpan.FromMinutes(step.B / 4 % 20) : null,
            Details = DetailsOf(step.B / 128),
            DeliveryId = $"delivery-{step.B}",
        };
        if (step.C % 16 == 2)
            _parked.Add((key, observation));
        else
            Deliver(key, observation, CrashOf(step), claim: step.C % 3 == 0);
    }

    private void PlayRedirect(CustomerKey key, Step step) => Deliver(
        key,
        new Observation
        {
            Kind = ObservationKind.RedirectSucceeded,
            Source = Source.Redirect,
            Event = "redirect.success",
            PhoneNumberId = step.A % 12 == 0 ? null : NumberOf(step),
            ReceivedAt = Received(step.A / 16),
            Details = DetailsOf(step.B),
            State = step.B % 2 == 0 ? StateOf(key, step.A) : null,
            SetupLinkId = step.B % 3 == 0 ? PlatformIdOf(step.A) : null,
        },
        CrashOf(step),
        claim: step.C % 3 == 0);

    private void PlayFailedSetup(CustomerKey key, Step step)
    {
        string[] codes = ["facebook_auth_failed", "link_expired", "already_used", "<script>"];
        Deliver(
            key,
            new Observation
            {
                Kind = ObservationKind.SetupFailed,
                Source = Source.Redirect,
                Event = "redirect.failed",
                ReceivedAt = _now,
                State = step.B % 4 > 0 ? StateOf(key, step.A) : null,
                SetupLinkId = step.B % 3 == 0 ? PlatformIdOf(step.A) : null,
                ErrorCode = codes[step.C / 16 % codes.Length],
            },
            CrashOf(step),
            claim: false);
    }

    /// <summary>Reconciliation's answers, which belong to no question of an outbox; another customer's claim comes by itself.</summary>
    private void PlayApiList(CustomerKey key, Step step)
    {
        var number = NumberOf(step);
        var observation = (step.A % 6) switch
        {
            0 => Claim(number, _now - TimeSpan.FromMinutes(step.B % 4 == 0 ? step.C % 20 : 0)),
            1 => Answer(number, ObservationKind.ApiUnconfirmed, step.B),
            2 => Answer(number, ObservationKind.ApiAbsent, step.B),
            _ => Answer(number, ObservationKind.ApiConnected, step.B),
        };
        Deliver(key, observation, CrashOf(step), claim: false);
    }

    private static Observation Claim(string number, DateTimeOffset provenAt) => new()
    {
        Kind = ObservationKind.ClaimedElsewhere,
        Source = Source.Service,
        Event = "number.claimed",
        PhoneNumberId = number,
        ReceivedAt = provenAt,
    };

    private Observation Answer(string number, ObservationKind kind, int roll) => new()
    {
        Kind = kind,
        Source = Source.Api,
        Event = $"api.{kind}",
        PhoneNumberId = number,
        ReceivedAt = Received(roll),
        Details = DetailsOf(roll / 8),
        PlatformStatus = kind != ObservationKind.ApiConnected && roll / 1_280 % 3 == 1 ? "PENDING" : null,
        NumberKind = (roll / 160 % 8) switch { 1 => "sandbox", 2 or 3 => "production", _ => null },
        RowCreatedAt = (roll / 32 % 5) switch
        {
            0 => null,
            1 => scenario.Policy.WelcomeSince - TimeSpan.FromHours(1),
            2 => scenario.Policy.WelcomeSince + TimeSpan.FromMilliseconds(1),
            _ => _now - TimeSpan.FromMinutes(1),
        },
    };

    /// <summary>The platform repeats what was not answered; anybody who captured a delivery repeats it at will.</summary>
    private void PlayRedelivery(Step step)
    {
        var from = _unanswered.Count > 0 && step.A % 2 == 0 ? _unanswered : _history;
        if (from.Count == 0)
            return;
        var (key, observation) = from[step.B % from.Count];
        if (from == _unanswered)
            from.RemoveAt(step.B % from.Count);
        Deliver(key, observation with { ReceivedAt = _now }, CrashOf(step), claim: step.C % 3 == 0);
    }

    private void PlayReplay(Step step)
    {
        if (_parked.Count == 0)
            return;
        var (key, observation) = _parked[step.B % _parked.Count];
        _parked.RemoveAt(step.B % _parked.Count);
        Deliver(key, observation with { Replayed = true }, CrashOf(step), claim: false);
    }

    private void Deliver(CustomerKey key, Observation observation, Crash crash, bool claim)
    {
        if (observation.PhoneNumberId is { } id && _index.TryGetValue(id, out var owner) && owner != key)
            observation = observation with { PreviousOwner = owner.CustomerId };
        else
            observation = observation with { PreviousOwner = null };

        var before = Load(key);
        var decision = Decisions.Observe(before, observation, _policy, _now);
        log?.Invoke($"      {key.CustomerId} {observation.Kind} {observation.PhoneNumberId} received {observation.ReceivedAt:HH:mm:ss.fff}"
            + $"{(observation.Replayed ? " replayed" : "")}: {decision.Outcome}, crash {crash}");
        if (crash == Crash.BeforeWrite)
        {
            Unanswered(key, observation);
            Restart();
            return;
        }

        if (decision.Outcome == Outcome.Full)
        {
            Require(ReferenceEquals(before, decision.Connection), "Full, and something was written.");
            Hear(key, before, observation, decision, null);
            _parked.Add((key, observation));
            return;
        }

        var told = Hear(key, before, observation, decision, null);
        var claims = claim ? Decisions.Claim(decision.Connection, _policy, Holder, RoomOf(2), _now) : null;
        told += claims is null ? 0 : CheckClaims(decision.Connection, claims, 2);
        if (claims is not null)
            told += HearLapses(key, decision.Connection, claims.Connection);
        Save(before, claims?.Connection ?? decision.Connection, told);
        if (decision.ProvenNumber is { } proven)
            _index[proven] = key;
        if (observation.Source != Source.Service)
            _history.Add((key, observation));
        if (crash == Crash.AfterWrite)
        {
            Unanswered(key, observation);
            Restart();
        }
        else if (claims is not null)
        {
            Send(claims, observation.ReceivedAt.Millisecond + _history.Count, Crash.None);
        }
    }

    private void Unanswered(CustomerKey key, Observation observation)
    {
        // A replay that was cut short waits in its parked row; the claim of another customer in its effect.
        if (observation.Replayed)
            _parked.Add((key, observation));
        else if (observation.Source is Source.Webhook or Source.Redirect)
            _unanswered.Add((key, observation));
    }
}
