namespace Kapso.Connections.Deciding;

/// <summary>
/// What an observation does to a number: the design's decision table, row by row and column by column. Each cell is a
/// rule of <see cref="NumberRules"/>.
/// </summary>
internal static class NumberTable
{
    private delegate Verdict Rule(in Sighting sighting);

    private static readonly Dictionary<ObservationKind, Rule[]> Rows = new()
    {
#pragma warning disable format
        //                                       not known                    hinted                       connected                  gone                            refused
        [ObservationKind.Created]           = [NumberRules.Connect,         NumberRules.Connect,         NumberRules.Repeat,        NumberRules.CreatedWhileGone,   NumberRules.Connect],
        [ObservationKind.Reconnected]       = [NumberRules.ComeBack,        NumberRules.Connect,         NumberRules.Repeat,        NumberRules.ComeBack,           NumberRules.Connect],
        [ObservationKind.Gone]              = [NumberRules.Leave,           NumberRules.Leave,           NumberRules.LeaveAndAsk,   NumberRules.Repeat,             NumberRules.Leave],
        [ObservationKind.RedirectSucceeded] = [NumberRules.Hint,            NumberRules.AddSource,       NumberRules.AddSource,     NumberRules.AddSourceAndAsk,    NumberRules.HintAgain],
        [ObservationKind.ApiConnected]      = [NumberRules.ConnectOrAdopt,  NumberRules.ConnectOrAdopt,  NumberRules.FillIn,        NumberRules.ConnectIfNewer,     NumberRules.ConnectOrAdopt],
        [ObservationKind.ApiUnconfirmed]    = [NumberRules.Note,            NumberRules.NotProven,       NumberRules.NotProven,     NumberRules.Note,               NumberRules.Note],
        [ObservationKind.ApiAbsent]         = [NumberRules.Note,            NumberRules.RefuseInTime,    NumberRules.LeaveIfTwice,  NumberRules.Note,               NumberRules.Note],
        [ObservationKind.ClaimedElsewhere]  = [NumberRules.Nothing,         NumberRules.Nothing,         NumberRules.Dispute,       NumberRules.Nothing,            NumberRules.Nothing],
        [ObservationKind.AccountChanged]    = [NumberRules.Nothing,         AccountRules.Change,         AccountRules.Change,       AccountRules.Change,            AccountRules.Change],
#pragma warning restore format
    };

    /// <summary>Looks the rule up and applies it.</summary>
    public static Verdict Judge(in Sighting sighting)
    {
        var column = sighting.Known is { } known ? 1 + (int)known.Status : 0;
        return NumberRules.TellKind(sighting, NumberRules.TellNew(sighting, Rows[sighting.Observation.Kind][column](in sighting)));
    }
}
