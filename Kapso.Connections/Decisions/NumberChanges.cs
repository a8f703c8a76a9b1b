namespace Kapso.Connections;

/// <summary>What the rules of <see cref="NumberRules"/> make of a number.</summary>
internal static class NumberChanges
{
    public static Verdict Connected(in Sighting sighting, Outcome outcome)
    {
        var observation = sighting.Observation;
        var number = WithProvenDetails(sighting.Number, observation);
        var byWebhook = observation.Source == Source.Webhook;
        return new(
            Proven(number, observation) with
            {
                Status = NumberStatus.Connected,
                Unconfirmed = byWebhook,
                DisputedAt = null,
                AbsentAt = null,
                HintedAt = null,
                ConnectedAt = observation.ReceivedAt,
                Sources = number.Sources | SourceOf(observation),
                SetupLinkId = observation.SetupLinkId ?? number.SetupLinkId,
            },
            outcome)
        {
            Proof = true,
            AskAt = byWebhook ? sighting.Now + NumberRules.ApiLag : null,
        };
    }

    public static Verdict Left(in Sighting sighting, DateTimeOffset? askAt) =>
        new(
            Proven(sighting.Number, sighting.Observation) with
            {
                Status = NumberStatus.Gone,
                GoneAt = sighting.Observation.ReceivedAt,
                DisputedAt = null,
                AbsentAt = null,
                HintedAt = null,
            },
            Outcome.Applied)
        {
            Proof = true,
            AskAt = askAt,
        };

    public static Number Hinted(in Sighting sighting)
    {
        var (number, observation) = (sighting.Number, sighting.Observation);
        return WithHintedDetails(number, observation) with
        {
            Status = NumberStatus.Hinted,
            Sources = number.Sources | NumberSources.Redirect,
            HintedAt = observation.ReceivedAt,
            AskedAt = observation.ReceivedAt,
            SetupLinkId = number.SetupLinkId ?? observation.SetupLinkId,
        };
    }

    public static Number Proven(Number number, Observation observation) => number with
    {
        ProofVersion = number.ProofVersion + 1,
        LastProofAt = observation.ReceivedAt,
        LastOccurredAt = observation.OccurredAt ?? number.LastOccurredAt,
        RepeatedAt = null,
    };

    public static Number WithProvenDetails(Number number, Observation observation) =>
        observation.Details is { } details ? number with { Details = details, DetailsProven = true } : number;

    public static Number WithHintedDetails(Number number, Observation observation)
    {
        if (number.DetailsProven || observation.Details is not { } hint)
            return number;
        return number with
        {
            Details = new NumberDetails
            {
                DisplayPhoneNumber = number.Details?.DisplayPhoneNumber ?? hint.DisplayPhoneNumber,
                BusinessAccountId = number.Details?.BusinessAccountId ?? hint.BusinessAccountId,
            },
        };
    }

    public static NumberSources SourceOf(Observation observation) => observation.Source switch
    {
        Source.Webhook => NumberSources.Webhook,
        Source.Redirect => NumberSources.Redirect,
        Source.Api => NumberSources.Api,
        _ => NumberSources.None,
    };
}
