using System.Globalization;
using static Kapso.Connections.Deciding.NumberChanges;

namespace Kapso.Connections.Deciding;

/// <summary>The rules that stand in the cells of <see cref="NumberTable"/>.</summary>
internal static class NumberRules
{
    /// <summary>A <c>created</c> this soon after the number went may be a late one of before it went.</summary>
    internal static readonly TimeSpan LateCreated = TimeSpan.FromMinutes(10);

    /// <summary>A teardown takes its time: only after this does the API's "connected" count against a gone.</summary>
    internal static readonly TimeSpan Teardown = TimeSpan.FromMinutes(15);

    /// <summary>How long the platform's API is given to bear a hint out.</summary>
    internal static readonly TimeSpan HintLife = SetupLink.HintLife;

    /// <summary>A redirect makes the platform be asked about the same number at most this often.</summary>
    internal static readonly TimeSpan BetweenQuestions = TimeSpan.FromMinutes(10);

    /// <summary>Two negative answers must be this far apart to prove a connected number gone.</summary>
    internal static readonly TimeSpan BetweenAbsences = TimeSpan.FromMinutes(2);

    /// <summary>The API can lag a webhook by a moment, so a fresh number is not asked about at once.</summary>
    internal static readonly TimeSpan ApiLag = TimeSpan.FromSeconds(10);

    /// <summary>What needs attention where a hint was not borne out.</summary>
    internal const string NotBorneOut = "refused";

    /// <summary>
    /// How long the platform is given to tell a number's phone before the number is greeted as a new one: longer than
    /// <see cref="BetweenAbsences"/>, so that one that is not listed at first is asked about once more.
    /// </summary>
    internal static readonly TimeSpan PhoneTold = TimeSpan.FromMinutes(3);

    /// <summary>A phone that was welcomed this long ago at most is not greeted again under another number.</summary>
    internal static readonly TimeSpan SamePhoneFor = TimeSpan.FromDays(30);

    public static Verdict Nothing(in Sighting sighting) => new(null, Outcome.Noted);

    /// <summary>An answer of the platform's that changes nothing: what it says is written down.</summary>
    public static Verdict Note(in Sighting sighting) => new(null, Outcome.Noted) { Detail = RowSentences.Of(sighting.Observation) };

    public static Verdict Connect(in Sighting sighting) => Overtaken(sighting) ?? Undecided(sighting) ?? Connected(sighting, Outcome.Applied);

    /// <summary>
    /// A number that came back before this service ever knew it connected is not new, unless its row says so: it was connected
    /// before, and somebody may have greeted it then.
    /// </summary>
    public static Verdict ComeBack(in Sighting sighting)
    {
        var verdict = Connect(sighting);
        if (verdict.Number is not { WelcomeDecided: false, PhoneAwaitedUntil: null, IsNew: false } number || sighting.Policy.GreetsReturning)
            return verdict;
        return sighting.Policy.CanConfirm
            ? verdict with
            {
                Number = number with { AgeUnknown = true },
                Detail = "It came back, and was not known here: the platform is asked how old it is.",
            }
            : verdict with
            {
                Number = number with { Adopted = true, Returned = true },
                Outcome = Outcome.Adopted,
                Detail = "It came back, and was not known here: no welcome, unless a person sends it.",
            };
    }

    /// <summary>One that occurred after the number went connects it, whichever came first; without times it may be a late one.</summary>
    public static Verdict CreatedWhileGone(in Sighting sighting)
    {
        if ((Overtaken(sighting) ?? Undecided(sighting)) is { } stale)
            return stale;
        if (sighting.Observation.OccurredAt > sighting.Number.GoneOccurredAt)
            return Connected(sighting, Outcome.Applied);
        if (sighting.Policy.CanConfirm)
            return new(null, Outcome.Noted) { AskAt = sighting.Now, Detail = "The number is gone; the platform is asked." };
        return sighting.HasPassed(LateCreated, sighting.Number.GoneAt)
            ? Connected(sighting, Outcome.Applied)
            : new(null, Outcome.Stale) { Detail = "Received within 10 minutes after the number went." };
    }

    /// <summary>
    /// News of what is known. A number that another customer claimed is an exception: a webhook past the sender's
    /// retries can only be a new event, so it ends the dispute in this customer's favour.
    /// </summary>
    public static Verdict Repeat(in Sighting sighting)
    {
        var (number, observation) = (sighting.Number, sighting.Observation);
        var overtaken = Overtaken(sighting) is not null;
        if (!overtaken && IsNewEvent(observation.ReceivedAt, number.DisputedAt))
            return Connected(sighting, Outcome.Applied);

        // What is known already still tells how late it is: an event that occurred before it is stale from now on.
        var repeated = !overtaken && !(observation.OccurredAt <= number.LastOccurredAt)
            ? number with { LastOccurredAt = observation.OccurredAt ?? number.LastOccurredAt }
            : number;
        if (!overtaken)
            repeated = WithProvenDetails(repeated, observation);
        if (number.Status != NumberStatus.Gone)
        {
            repeated = repeated with { Sources = number.Sources | SourceOf(observation) };
            if (!overtaken && !(observation.ReceivedAt <= number.RepeatedAt))
                repeated = repeated with { RepeatedAt = observation.ReceivedAt };
        }

        // Of several events of one cause, not all say why.
        if (!overtaken)
        {
            repeated = repeated with
            {
                ConnectionType = observation.ConnectionType ?? number.ConnectionType,
                Disconnection = observation.Disconnection ?? number.Disconnection,
                GoneOccurredAt = observation.Kind == ObservationKind.Gone ? observation.OccurredAt ?? number.GoneOccurredAt : number.GoneOccurredAt,
            };
        }

        return observation.Kind == ObservationKind.Created && (number.AgeUnknown || number.Returned)
            ? new(AsNew(WithProvenDetails(repeated, observation)), Outcome.Applied) { Detail = "It was created, and so it is new." }
            : new(repeated == number ? null : repeated, Outcome.Duplicate) { Detail = observation.Disconnection?.ToWords() };
    }

    public static Verdict Leave(in Sighting sighting) => Overtaken(sighting) ?? Left(sighting, askAt: null);

    public static Verdict LeaveAndAsk(in Sighting sighting) =>
        Overtaken(sighting) ?? Left(sighting, sighting.Now + Teardown);

    public static Verdict Hint(in Sighting sighting) =>
        new(Hinted(sighting), Outcome.Applied) { AskAt = sighting.Now };

    /// <summary>A page that is loaded again says nothing new: the platform is asked again, and the number stays refused.</summary>
    public static Verdict HintAgain(in Sighting sighting)
    {
        if (!sighting.HasPassed(BetweenQuestions, sighting.Number.AskedAt))
            return new(null, Outcome.Noted) { Detail = "Refused before; the platform was asked within the last 10 minutes." };
        return sighting.IsFirstOfLink
            ? Hint(sighting)
            : new(sighting.Number with { AskedAt = sighting.Observation.ReceivedAt }, Outcome.Noted)
            {
                AskAt = sighting.Now,
                Detail = "Refused before; the platform is asked again.",
            };
    }

    public static Verdict AddSource(in Sighting sighting)
    {
        var number = sighting.Number;
        var hinted = WithLink(WithHintedDetails(number, sighting.Observation), sighting.Link) with
        {
            Sources = number.Sources | NumberSources.Redirect,
        };
        return hinted == number ? new(null, Outcome.Duplicate) : new(hinted, Outcome.Applied);
    }

    public static Verdict AddSourceAndAsk(in Sighting sighting)
    {
        var added = AddSource(sighting);
        var number = added.Number ?? sighting.Number;
        return sighting.HasPassed(BetweenQuestions, number.AskedAt)
            ? added with { Number = number with { AskedAt = sighting.Observation.ReceivedAt }, AskAt = sighting.Now }
            : added;
    }

    public static Verdict ConnectOrAdopt(in Sighting sighting)
    {
        if (Overtaken(sighting) is { } overtaken)
            return overtaken;

        return sighting.Number.WelcomeDecided || !IsOlder(sighting)
            ? Connected(sighting, Outcome.Applied)
            : Adopted(sighting, Connected(sighting, Outcome.Adopted));
    }

    /// <summary>
    /// Whether a row is older than the service, or may be, since the store took the place of one that may have known it. One without a
    /// time tells nothing of its age: a number that somebody spoke of is news, one that nobody spoke of, or that came back, is taken to be
    /// older. Greeting late can be repaired, greeting a stranger cannot. What a <c>created</c> called new is new, and a sandbox number is
    /// as old as the day on which it becomes a production one.
    /// </summary>
    private static bool IsOlder(in Sighting sighting) =>
        sighting.Observation.NumberKind != Number.Sandbox && sighting.Known is not ({ IsSandbox: true } or { IsNew: true })
        && (sighting.Policy.StoreReplacedAt is not null
            || (sighting.Observation.RowCreatedAt is { } created
                ? created < sighting.Policy.WelcomeSince
                : sighting.Known is null or { AgeUnknown: true }));

    private static Verdict Adopted(in Sighting sighting, Verdict verdict) => verdict with
    {
        Number = verdict.Number! with { Adopted = true, PhoneAwaitedUntil = null },
        Outcome = Outcome.Adopted,
        Detail = (sighting.Policy.StoreReplacedAt, sighting.Observation.RowCreatedAt) switch
        {
            ({ } replaced, _) => string.Create(
                CultureInfo.InvariantCulture, $"Learned from the platform while nobody has accepted the store that took another one's place at {replaced.UtcDateTime:s}Z: no welcome."),
            (null, { } at) => string.Create(
                CultureInfo.InvariantCulture,
                $"Created {at.UtcDateTime:s}Z, before {sighting.Policy.WelcomeSince.UtcDateTime:s}Z (Welcome:Since): no welcome."),
            _ => "First learned from the platform's list, without a time: no welcome.",
        },
    };

    public static Verdict FillIn(in Sighting sighting)
    {
        if (Overtaken(sighting) is { } overtaken)
            return overtaken;

        var number = sighting.Number;
        var filled = WithRow(WithProvenDetails(number, sighting.Observation), sighting.Observation) with
        {
            Unconfirmed = false,
            AgeUnknown = false,
            DisputedAt = null,
            AbsentAt = null,
            Sources = number.Sources | NumberSources.Api,
        };
        if (filled == number)
            return new(null, Outcome.Duplicate);

        var verdict = new Verdict(Proven(filled, sighting.Observation), Outcome.Applied) { Proof = true };
        if (!number.AgeUnknown || !IsOlder(sighting))
            return verdict;
        var adopted = Adopted(sighting, verdict);
        return adopted with { Number = adopted.Number! with { Returned = true } };
    }

    public static Verdict ConnectIfNewer(in Sighting sighting)
    {
        if (Overtaken(sighting) is { } overtaken)
            return overtaken;

        var goneAt = sighting.Number.GoneAt;
        return sighting.Observation.RowCreatedAt > goneAt || sighting.HasPassed(Teardown, goneAt)
            ? ConnectOrAdopt(sighting)
            : new(WithToldPhone(sighting), Outcome.Noted) { Detail = "The number went within the last 15 minutes; its teardown may not be over." };
    }

    /// <summary>A row that proves nothing of where its number stands still tells its phone; null where that was known.</summary>
    private static Number? WithToldPhone(in Sighting sighting) =>
        sighting.Number.ProvenPhone is null && WithProvenDetails(sighting.Number, sighting.Observation) is { ProvenPhone: not null } told ? told : null;

    /// <summary>It is listed, and not proven: nothing but what the row says of it changes, and it is not absent.</summary>
    public static Verdict NotProven(in Sighting sighting)
    {
        if (Overtaken(sighting) is { } overtaken)
            return overtaken;
        var noted = WithRow(sighting.Number, sighting.Observation) with { AbsentAt = null };
        return new(noted == sighting.Number ? null : noted, Outcome.Noted) { Detail = RowSentences.Of(sighting.Observation) };
    }

    public static Verdict RefuseInTime(in Sighting sighting)
    {
        if (Overtaken(sighting) is { } overtaken)
            return overtaken;
        var noted = WithRow(sighting.Number, sighting.Observation);
        var sentence = RowSentences.Of(sighting.Observation);
        return sighting.Observation.ReceivedAt - sighting.Number.HintedAt >= HintLife
            ? new(noted with { Status = NumberStatus.Refused }, Outcome.Applied)
            {
                Proof = true,
                Attention = NotBorneOut,
                Detail = $"{sentence} That is so 10 minutes after the hint.",
            }
            : new(noted == sighting.Number ? null : noted, Outcome.Noted) { Detail = $"{sentence} It is given 10 minutes from the hint." };
    }

    public static Verdict LeaveIfTwice(in Sighting sighting)
    {
        if (Overtaken(sighting) is { } overtaken)
            return overtaken;

        var (number, receivedAt) = (WithRow(sighting.Number, sighting.Observation), sighting.Observation.ReceivedAt);
        var sentence = RowSentences.Of(sighting.Observation);
        if (number.AbsentAt is { } absentAt && receivedAt >= absentAt)
        {
            return receivedAt - absentAt >= BetweenAbsences
                ? Left(sighting, askAt: null) with { Detail = sentence }
                : new(number == sighting.Number ? null : number, Outcome.Noted)
                {
                    Detail = $"{sentence} It was asked too soon after the first time to count.",
                };
        }

        return new(number with { AbsentAt = receivedAt }, Outcome.Noted)
        {
            AskAt = sighting.Now + BetweenAbsences,
            Detail = $"{sentence} That is the first time; it is asked again in 2 minutes.",
        };
    }

    /// <summary>
    /// A <c>created</c> says that a number is new, also where it comes late, to a number that has gone: whatever came first, it is
    /// welcomed once it is connected.
    /// </summary>
    public static Verdict TellNew(in Sighting sighting, Verdict verdict)
    {
        if (sighting.Observation.Kind != ObservationKind.Created || (verdict.Number ?? sighting.Known) is not { IsNew: false } number)
            return verdict;
        var isOpen = number.Status == NumberStatus.Gone && (number.Returned || !number.WelcomeDecided);
        return verdict with { Number = (isOpen ? AsNew(number) : number) with { IsNew = true } };
    }

    /// <summary>Says in the timeline that a number turned out to be a sandbox one, or is one no more.</summary>
    public static Verdict TellKind(in Sighting sighting, Verdict verdict)
    {
        var was = sighting.Known is { IsSandbox: true };
        if (verdict.Number is not { } number || number.IsSandbox == was)
            return verdict;
        var sentence = number.IsSandbox
            ? "The platform says that it is a sandbox number, which is not welcomed."
            : "It was a sandbox number and is a production one now: as good as new.";
        return verdict with { Detail = verdict.Detail is null ? sentence : $"{verdict.Detail} {sentence}" };
    }

    /// <summary>
    /// Another customer proved the number theirs, and this one is told of it, perhaps late: what counts is when that proof
    /// was received. The same news in the other order ends in the same way, so a claim is stale that this customer's own
    /// proof, or a webhook past the sender's retries (<see cref="Repeat"/>), came after.
    /// </summary>
    public static Verdict Dispute(in Sighting sighting)
    {
        if (sighting.Policy.CanConfirm)
            return new(null, Outcome.Noted) { AskAt = sighting.Now, Detail = "Another customer claims the number; the platform is asked." };

        var (number, claimedAt) = (sighting.Number, sighting.Observation.ReceivedAt);
        if (claimedAt < number.LastProofAt || IsNewEvent(number.RepeatedAt, claimedAt))
            return new(null, Outcome.Stale) { Detail = "Another customer claimed the number before it was proven this customer's." };
        return number.DisputedAt is null
            ? new(number with { DisputedAt = claimedAt }, Outcome.Applied)
            {
                Attention = "disputed",
                Detail = "Another customer claims the number.",
            }
            : new(null, Outcome.Duplicate);
    }

    /// <summary>Whether a webhook came so long after a claim that it cannot be a late copy of one from before it.</summary>
    private static bool IsNewEvent(DateTimeOffset? receivedAt, DateTimeOffset? claimedAt) =>
        receivedAt - claimedAt >= LateCreated;

    /// <summary>
    /// Two events of one time that say the opposite: whichever came first, the number is gone, which greets nobody, and the platform
    /// is asked.
    /// </summary>
    private static Verdict? Undecided(in Sighting sighting) =>
        sighting.Known is { Status: NumberStatus.Gone, LastOccurredAt: { } wentAt } && sighting.Observation.OccurredAt == wentAt
            ? new(null, Outcome.Stale) { AskAt = sighting.Now + Teardown, Detail = "It occurred at the time at which the number went; the platform is asked." }
            : null;

    /// <summary>
    /// Stale, where newer news is known: by the platform's own times where both events have one; a replayed delivery by
    /// when it was received; an answer of the API where a proof came after the question.
    /// </summary>
    private static Verdict? Overtaken(in Sighting sighting)
    {
        if (sighting.Known is not { } number)
            return null;

        var observation = sighting.Observation;
        string? why =
            observation.ProofVersion is { } asked && asked != number.ProofVersion ? "A proof came after the question."
            : observation.OccurredAt < number.LastOccurredAt ? "It occurred before the last event."
            : observation.Replayed && observation.ReceivedAt < number.LastProofAt ? "Received before the last proof."
            : null;
        if (why is null)
            return null;

        // A webhook that waited while others came leaves a doubt, which a question settles where one can be asked.
        var doubt = observation.Replayed && observation.Source == Source.Webhook;
        return new(null, Outcome.Stale) { Detail = why, AskAt = doubt ? sighting.Now + Teardown : null };
    }
}
