namespace Kapso.Tests.Model;

/// <summary>How far the welcome of a number has come.</summary>
internal enum Sent
{
    NotYet,
    UnderWay,
    Perhaps,
    Yes,

    /// <summary>It will not, or did so long ago that the phone may be greeted again.</summary>
    No,
}

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

    /// <summary>
    /// Whether a connected number is welcomed. A phone that was welcomed as another number of this customer is not; where that is
    /// not known and may still be told, it waits three minutes at most. An unsent welcome of the same phone is dropped for the newer number.
    /// </summary>
    /// <param name="id">The number.</param>
    /// <param name="now">The engine's time.</param>
    /// <param name="hasKey">Whether the platform can be asked.</param>
    /// <param name="books">How the welcomes stand that were decided; kept in step.</param>
    /// <param name="asked">The numbers that the platform is asked about.</param>
    public void Consider(string id, DateTimeOffset now, bool hasKey, Dictionary<string, Sent> books, HashSet<string> asked)
    {
        var number = Numbers[id];
        var others = books.Where(entry => entry.Key != id && entry.Value != Sent.No).Select(entry => entry.Key).ToList();
        var same = others.Where(other => number.Phone is { } phone && Numbers[other].Phone == phone).ToList();
        if (same.Exists(other => books[other] is Sent.Yes or Sent.Perhaps))
        {
            number.Decide(quiet: true);
            return;
        }

        var underWay = same.Exists(other => books[other] == Sent.UnderWay);
        var mayBeTold = hasKey && others.Count > 0 && others.Append(id).Any(one => Numbers[one].PhoneToCome(asked.Contains(one)));
        var over = number.AwaitedUntil <= now || number.AwaitedUntil > now.AddHours(24);
        if ((underWay || mayBeTold) && !over)
        {
            number.Await(now.AddMinutes(3));
            return;
        }

        number.Decide(quiet: underWay);
        if (underWay)
            return;
        books[id] = Sent.NotYet;
        foreach (var other in same)
        {
            Numbers[other].Leave();
            books[other] = Sent.No;
        }
    }

    /// <summary>
    /// Looks again at the connected numbers that wait, and at those that left their welcome to one that went, or turned out to be a
    /// sandbox number, before it was sent: they take it back.
    /// </summary>
    /// <param name="order">The numbers, in the order in which they are looked at.</param>
    /// <param name="now">The engine's time.</param>
    /// <param name="hasKey">Whether the platform can be asked.</param>
    /// <param name="books">How the welcomes stand.</param>
    /// <param name="asked">The numbers that the platform is asked about.</param>
    /// <param name="onlyOver">Only those whose time is over.</param>
    public void ConsiderAwaited(
        IEnumerable<string> order, DateTimeOffset now, bool hasKey, Dictionary<string, Sent> books, HashSet<string> asked, bool onlyOver = false)
    {
        foreach (var id in order)
        {
            if (Numbers.TryGetValue(id, out var number) && number is { Standing: Standing.Connected, AwaitedUntil: { } until }
                && (!onlyOver || until <= now || until > now.AddHours(24)))
                Consider(id, now, hasKey, books, asked);
        }

        foreach (var id in order)
        {
            if (!Numbers.TryGetValue(id, out var number) || number is not { Standing: Standing.Connected, HasLeft: true, Sandbox: false, Phone: { } phone }
                || books.Keys.FirstOrDefault(other => Numbers[other].Phone == phone && Numbers[other].IsHindered && books[other] == Sent.NotYet) is not { } waiting)
                continue;
            Numbers[waiting].Leave();
            number.TakeBack();
            (books[waiting], books[id]) = (Sent.No, Sent.NotYet);
        }
    }

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
        if (links.Count > 0 && links[^1] is { Status: SetupLinkStatus.Failed or SetupLinkStatus.Expired, ErrorCodes.Length: > 0 })
            return ConnectionStatus.Failed;
        if (links.Any(link => link.Status == SetupLinkStatus.Live))
            return ConnectionStatus.Invited;
        if (Count(Standing.Gone) > 0)
            return ConnectionStatus.Gone;
        return Count(Standing.Refused) > 0 || links.Any(link => link.LapsedAt is not null) ? ConnectionStatus.Refused : ConnectionStatus.None;
    }
}
