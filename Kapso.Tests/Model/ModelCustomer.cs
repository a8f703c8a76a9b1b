namespace Kapso.Tests.Model;

/// <summary>What the model knows of one customer, and the books it keeps of what was written and sent.</summary>
internal sealed class ModelCustomer
{
    public Dictionary<string, ModelNumber> Numbers { get; } = [];

    public ModelName OwnId { get; } = new();

    public ModelName Name { get; } = new();

    /// <summary>Deliveries folded in, by source, event and number: none may be missing from the timeline's counts.</summary>
    public Dictionary<(Source Source, string Event, string? Number), int> Folded { get; } = [];

    /// <summary>Receipt of the first and the last proof of each number.</summary>
    public Dictionary<string, (DateTimeOffset First, DateTimeOffset Last)> ProofLines { get; } = [];

    /// <summary>The id of each number's welcome, from when it was decided.</summary>
    public Dictionary<string, string> Welcomes { get; } = [];

    /// <summary>How many proofs a number had when a question was asked, by the question's id.</summary>
    public Dictionary<string, int> Questions { get; } = [];

    /// <summary>When the proof was received that another customer is to be told of, by the effect that tells.</summary>
    public Dictionary<string, DateTimeOffset> ClaimsProvenAt { get; } = [];

    /// <summary>Notifies that made room for newer ones, or whose time was spent while nobody wanted them.</summary>
    public bool NotifiesTrimmed { get; set; }

    public bool TimelineTrimmed { get; set; }

    public ModelNumber Number(string id) =>
        Numbers.TryGetValue(id, out var number) ? number : Numbers[id] = new ModelNumber();

    public int Count(Standing standing) => Numbers.Values.Count(number => number.Standing == standing);

    public int Known => Numbers.Values.Count(number => number.Standing != Standing.NotKnown);

    /// <summary>The status of a connection, as the design orders it.</summary>
    public ConnectionStatus Status(IReadOnlyList<SetupLink> links)
    {
        if (Count(Standing.Connected) > 0)
            return ConnectionStatus.Connected;
        if (Count(Standing.Hinted) > 0)
            return ConnectionStatus.Hinted;
        if (links.Count > 0 && links[^1] is { Status: SetupLinkStatus.Failed or SetupLinkStatus.Expired })
            return ConnectionStatus.Failed;
        if (links.Any(link => link.Status == SetupLinkStatus.Live))
            return ConnectionStatus.Invited;
        if (Count(Standing.Gone) > 0)
            return ConnectionStatus.Gone;
        return Count(Standing.Refused) > 0 ? ConnectionStatus.Refused : ConnectionStatus.None;
    }
}
