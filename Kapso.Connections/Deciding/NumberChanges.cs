namespace Kapso.Connections.Deciding;

/// <summary>What the rules of <see cref="NumberRules"/> make of a number.</summary>
internal static class NumberChanges
{
    public static Verdict Connected(in Sighting sighting, Outcome outcome)
    {
        var observation = sighting.Observation;
        var number = WithRow(WithLink(WithProvenDetails(sighting.Number, observation), sighting.Link), observation);
        var byWebhook = observation.Source == Source.Webhook;
        var isCreated = observation.Kind == ObservationKind.Created; // Always news.
        return new(
            Proven(number, observation) with
            {
                Status = NumberStatus.Connected,
                Unconfirmed = byWebhook,
                AgeUnknown = number.AgeUnknown && !isCreated && observation.Kind != ObservationKind.ApiConnected,
                PhoneAwaitedUntil = number.PhoneAwaitedUntil is null ? null : sighting.Now + NumberRules.PhoneTold,
                Adopted = number.Adopted && !(number.Returned && isCreated),
                Returned = number.Returned && !isCreated,
                DisputedAt = null,
                AbsentAt = null,
                HintedAt = null,
                ReconnectAt = null,
                ConnectedAt = observation.ReceivedAt,
                Sources = number.Sources | SourceOf(observation),
                ConnectionType = observation.ConnectionType ?? number.ConnectionType,
            },
            outcome)
        {
            Proof = true,
            AskAt = byWebhook ? sighting.Now + NumberRules.ApiLag : null,
        };
    }

    /// <summary>A number that was adopted, or whose age was not known, and is new after all: its welcome is still to be decided.</summary>
    public static Number AsNew(Number number) => number with { Adopted = false, Returned = false, AgeUnknown = false };

    public static Verdict Left(in Sighting sighting, DateTimeOffset? askAt) =>
        new(
            WithRow(Proven(sighting.Number, sighting.Observation), sighting.Observation) with
            {
                Status = NumberStatus.Gone,
                PlatformStatus = sighting.Observation.PlatformStatus,
                GoneAt = sighting.Observation.ReceivedAt,
                GoneOccurredAt = sighting.Observation.OccurredAt,
                DisputedAt = null,
                AbsentAt = null,
                HintedAt = null,
                Disconnection = sighting.Observation.Disconnection,
                ConnectionType = sighting.Observation.ConnectionType ?? sighting.Number.ConnectionType,
            },
            Outcome.Applied)
        {
            Detail = sighting.Observation.Disconnection?.ToWords(),
            Proof = true,
            AskAt = askAt,
        };

    public static Number Hinted(in Sighting sighting)
    {
        var (number, observation) = (sighting.Number, sighting.Observation);
        return WithLink(WithHintedDetails(number, observation), sighting.Link) with
        {
            Status = NumberStatus.Hinted,
            Sources = number.Sources | NumberSources.Redirect,
            HintedAt = observation.ReceivedAt,
            AskedAt = observation.ReceivedAt,
        };
    }

    public static Number Proven(Number number, Observation observation) => number with
    {
        ProofVersion = number.ProofVersion + 1,
        LastProofAt = observation.ReceivedAt,
        LastOccurredAt = observation.OccurredAt ?? number.LastOccurredAt,
        RepeatedAt = null,
    };

    /// <summary>What is told takes the place of what was; what is not told stays, where it is proven.</summary>
    public static Number WithProvenDetails(Number number, Observation observation)
    {
        if (observation.Details is not { } told)
            return number;
        var details = told.FilledWith(number.DetailsProven ? number.Details : null);
        return number with { Details = details == number.Details ? number.Details : details, DetailsProven = true };
    }

    /// <summary>
    /// What the platform's row says of a number besides. That it is a sandbox number, any row can say; that it is one no more counts
    /// only where the row proves the number connected and this customer's: from then on it is as new.
    /// </summary>
    public static Number WithRow(Number number, Observation observation)
    {
        if (observation.Kind is not (ObservationKind.ApiConnected or ObservationKind.ApiUnconfirmed or ObservationKind.ApiAbsent))
            return number;

        var isProof = observation.Kind == ObservationKind.ApiConnected;
        number = number with { PlatformStatus = isProof ? null : observation.PlatformStatus };
        return observation.NumberKind switch
        {
            Number.Sandbox => number with { Kind = Number.Sandbox, PhoneAwaitedUntil = null },
            not null when isProof && number.IsSandbox => AsNew(number) with { Kind = null },
            _ => number,
        };
    }

    public static Number WithHintedDetails(Number number, Observation observation)
    {
        if (number.DetailsProven || observation.Details is not { } hint)
            return number;
        return number with { Details = number.Details?.FilledWith(hint) ?? hint };
    }

    /// <summary>A proven link takes the place of any; one that was only named, that of none.</summary>
    public static Number WithLink(Number number, NamedLink link) =>
        link.Id is not null && (link.IsProven || number.SetupLinkId is null)
            ? number with { SetupLinkId = link.Id, SetupLinkProven = link.IsProven }
            : number;

    public static NumberSources SourceOf(Observation observation) => observation.Source switch
    {
        Source.Webhook => NumberSources.Webhook,
        Source.Redirect => NumberSources.Redirect,
        Source.Api => NumberSources.Api,
        _ => NumberSources.None,
    };
}
