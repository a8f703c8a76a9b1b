namespace Kapso.Tests.Deciding;

/// <summary>The design's table, cell by cell: what an observation makes of a number, and what is asked afterwards.</summary>
public sealed class NumberTableTests
{
    private const string Unknown = "unknown";
    private const string Hinted = "hinted";
    private const string Connected = "connected";
    private const string Gone = "gone";
    private const string Refused = "refused";

    /// <summary>Kind, minutes after noon, with an API key, then for each column what it becomes: status, outcome, and minutes until a confirm.</summary>
    public static TheoryData<ObservationKind, double, bool, string[]> Rows => new()
    {
        // Columns:                                      not known                hinted                   connected                  gone                       refused
        { ObservationKind.Created, 5, false,            ["connected Applied",     "connected Applied",     "connected Duplicate",     "gone Stale",              "connected Applied"] },
        { ObservationKind.Created, 10, false,           ["connected Applied",     "connected Applied",     "connected Duplicate",     "connected Applied",       "connected Applied"] },
        { ObservationKind.Created, 5, true,             ["connected Applied ask", "connected Applied ask", "connected Duplicate",     "gone Noted ask 0",        "connected Applied ask"] },
        { ObservationKind.Created, 600, true,           ["connected Applied ask", "connected Applied ask", "connected Duplicate",     "gone Noted ask 0",        "connected Applied ask"] },
        { ObservationKind.Reconnected, 1, false,        ["connected Adopted",     "connected Applied",     "connected Duplicate",     "connected Applied",       "connected Applied"] },
        { ObservationKind.Gone, 1, false,               ["gone Applied",          "gone Applied",          "gone Applied",            "gone Duplicate",          "gone Applied"] },
        { ObservationKind.Gone, 1, true,                ["gone Applied",          "gone Applied",          "gone Applied ask 15",     "gone Duplicate",          "gone Applied"] },
        { ObservationKind.RedirectSucceeded, 1, true,   ["hinted Applied ask 0",  "hinted Duplicate",      "connected Applied",       "gone Applied ask 0",      "refused Noted ask 0"] },
        { ObservationKind.RedirectSucceeded, 1, false,  ["hinted Applied ask 1440", "hinted Duplicate",    "connected Applied",       "gone Applied",            "refused Noted"] },
        { ObservationKind.ApiConnected, 1, true,        ["connected Applied",     "connected Applied",     "connected Applied",       "gone Noted",              "connected Applied"] },
        { ObservationKind.ApiConnected, 15, true,       ["connected Applied",     "connected Applied",     "connected Applied",       "connected Applied",       "connected Applied"] },
        { ObservationKind.ApiUnconfirmed, 1, true,      ["unknown Noted",         "hinted Noted",          "connected Noted",         "gone Noted",              "refused Noted"] },
        { ObservationKind.ApiAbsent, 1, true,           ["unknown Noted",         "hinted Noted",          "connected Noted ask 2",   "gone Noted",              "refused Noted"] },
        { ObservationKind.ApiAbsent, 10, true,          ["unknown Noted",         "refused Applied",       "connected Noted ask 2",   "gone Noted",              "refused Noted"] },
        { ObservationKind.ClaimedElsewhere, 1, true,    ["unknown Noted",         "hinted Noted",          "connected Noted ask 0",   "gone Noted",              "refused Noted"] },
        { ObservationKind.ClaimedElsewhere, 1, false,   ["unknown Noted",         "hinted Noted",          "disputed Applied",        "gone Noted",              "refused Noted"] },
        { ObservationKind.ClaimedElsewhere, -1, false,  ["unknown Noted",         "hinted Noted",          "connected Stale",         "gone Noted",              "refused Noted"] },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_cell_of_the_table_is_at_work(ObservationKind kind, double minutes, bool withKey, string[] expected)
    {
        var policy = withKey ? Given.WithKey : Given.WithoutKey;
        NumberStatus?[] columns =
            [null, NumberStatus.Hinted, NumberStatus.Connected, NumberStatus.Gone, NumberStatus.Refused];
        Assert.Equal(expected, columns.Select(column => Fold(kind, minutes, policy, column)));
    }

    private static string Fold(ObservationKind kind, double minutes, ConnectionPolicy policy, NumberStatus? column)
    {
        // The question that led to where the number stands is out of the way, so that only a new one shows.
        var before = Given.Standing(column, column == NumberStatus.Refused ? Given.WithKey : policy) with { Outbox = [] };
        var observation = Given.Observation(kind, Given.Noon.AddMinutes(minutes)) with
        {
            // A row from before the number went: only a lapse of time can make it count again.
            RowCreatedAt = kind == ObservationKind.ApiConnected ? Given.Noon.AddDays(-1) : null,
        };
        var decision = before.After(observation, policy);
        var number = decision.Connection.Numbers.SingleOrDefault();
        var status = number is null ? Unknown : number.DisputedAt is not null ? "disputed" : number.Status switch
        {
            NumberStatus.Hinted => Hinted,
            NumberStatus.Connected => Connected,
            NumberStatus.Gone => Gone,
            _ => Refused,
        };
        var confirm = decision.Connection.Effect(EffectKind.Confirm);
        var ask = confirm is null ? ""
            : confirm.DueAt - observation.ReceivedAt is var wait && wait == TimeSpan.FromSeconds(10) ? " ask"
            : $" ask {wait.TotalMinutes:0.##}";
        return $"{status} {decision.Outcome}{ask}";
    }
}
