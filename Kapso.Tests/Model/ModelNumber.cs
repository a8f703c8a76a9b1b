namespace Kapso.Tests.Model;

/// <summary>The columns of the design's table.</summary>
internal enum Standing
{
    NotKnown,
    Hinted,
    Connected,
    Gone,
    Refused,
}

/// <summary>The rows of the design's table.</summary>
internal enum News
{
    Created,
    Reconnected,
    Gone,
    Redirect,
    ApiConnected,
    ApiUnconfirmed,
    ApiAbsent,
    ClaimedElsewhere,
    Account,
}

/// <summary>What one piece of news says, in the model's own words.</summary>
internal sealed record Told(News News, DateTimeOffset Received)
{
    /// <summary>The engine's time.</summary>
    public DateTimeOffset Now { get; init; }

    public bool Waited { get; init; }

    public DateTimeOffset? Occurred { get; init; }

    public DateTimeOffset? RowCreated { get; init; }

    public string? Details { get; init; }

    /// <summary>A browser's: whether it comes back from a link of which nobody said yet that its setup succeeded.</summary>
    public bool IsFirstOfLink { get; init; }

    /// <summary>What is said of the number's account.</summary>
    public AccountNews? Account { get; init; }
    /// <summary>Answers of the platform: the word for the number's status where it does not work, and its kind.</summary>
    public string? Word { get; init; }

    /// <inheritdoc cref="Word"/>
    public string? Kind { get; init; }

    /// <summary>Answers to a question: how many proofs there were when it was asked.</summary>
    public int? AskedAfterProofs { get; init; }
}

/// <summary>What the model expects of one piece of news.</summary>
/// <param name="Asked">Whether the platform must have been asked about the number, where it can be asked.</param>
/// <param name="Told">How many changes there are to tell the company of.</param>
/// <param name="Connected">Whether the number became connected by it.</param>
internal readonly record struct Expected(bool Asked = false, int Told = 0, bool Connected = false);

/// <summary>
/// One number of one customer, as the design's table and the bullets under it say. Written from the design's text, to be
/// read beside it; it shares nothing with the code that it checks.
/// </summary>
internal sealed class ModelNumber
{
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan QuarterOfAnHour = TimeSpan.FromMinutes(15);

    private DateTimeOffset? _hinted;
    private DateTimeOffset? _asked;
    private DateTimeOffset? _gone;
    private DateTimeOffset? _absent;
    private DateTimeOffset? _occurred;
    private DateTimeOffset? _disputed;
    private DateTimeOffset? _repeated;
    private bool _confirmedByApi;
    private bool _returned;
    private bool _isNew;
    private DateTimeOffset? _goneOccurred;
    private string? _provenDetails;

    public Standing Standing { get; private set; }

    public ModelAccount Account { get; } = new();

    /// <summary>Proofs that changed something: what a question's answer is held against.</summary>
    public int Proofs { get; private set; }

    public DateTimeOffset? LastProof { get; private set; }

    public bool EverConnected { get; private set; }

    public bool Adopted { get; private set; }

    public bool Disputed => _disputed is not null;

    /// <summary>Whether it came back unknown, and the platform has not told yet whether it is new.</summary>
    public bool AgeUnknown { get; private set; }

    /// <summary>Whether the platform's row last said that it is one to try things with.</summary>
    public bool Sandbox { get; private set; }

    /// <summary>The platform's word for a status that is not that of a number that works.</summary>
    public string? Word { get; private set; }

    /// <summary>Until when its phone may be told before its welcome is decided; null where it is, or was not to be.</summary>
    public DateTimeOffset? AwaitedUntil { get; private set; }

    /// <summary>The phone that a proof told, whatever its spelling.</summary>
    public string? Phone => _provenDetails switch { null => null, ['+', '1', ..] => "the American one", _ => "the Brazilian one" };

    /// <summary>Whether the platform may still tell its phone: of a connected number until it has, of another one while it is asked.</summary>
    public bool PhoneToCome(bool asked) => Phone is null && (Standing == Standing.Connected ? !_confirmedByApi : asked);

    /// <summary>The welcome is decided once, when the number is first connected, and neither adopted nor a sandbox number.</summary>
    public bool Welcomed { get; private set; }

    /// <summary>Whether its welcome is to be decided now.</summary>
    public bool IsToBeDecided => this is
    {
        Welcomed: false, Standing: Standing.Connected, Adopted: false, AgeUnknown: false, Sandbox: false, AwaitedUntil: null,
    };

    public void Await(DateTimeOffset until) => AwaitedUntil ??= until;

    /// <summary>It is decided: it is welcomed, or left alone, since its phone was welcomed under another number.</summary>
    public void Decide(bool quiet) => (AwaitedUntil, Adopted, Welcomed, HasLeft) = (null, quiet, !quiet, quiet);

    /// <summary>Whether another number of its phone is greeted instead of it, as far as that comes to anything.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Its welcome, which was not sent, is left to another number of its phone.</summary>
    public void Leave() => HasLeft = true;

    /// <summary>Whether its welcome may not go out.</summary>
    public bool IsHindered => Standing == Standing.Gone || Sandbox;

    /// <summary>It takes the welcome of its phone back, whatever it was called before.</summary>
    public void TakeBack() => (Welcomed, HasLeft, Adopted, _returned, AgeUnknown) = (true, false, false, false, false);

    /// <summary>Folds news in, as the row and the column say.</summary>
    /// <param name="told">What is said.</param>
    /// <param name="hasKey">Whether the platform can be asked.</param>
    /// <param name="since">Numbers first learned from the API are adopted where their row is older.</param>
    /// <param name="roomForHint">Whether fewer than three hints are open.</param>
    public Expected Hear(Told told, bool hasKey, DateTimeOffset since, bool roomForHint) => told.News switch
    {
        News.Created => HearCreated(told, hasKey),
        News.Reconnected => Standing == Standing.Connected ? HearAgain(told)
            : IsStale(told) ? default
            : Standing == Standing.Gone && told.Occurred is { } occurred && occurred == _occurred ? new(Asked: true)
            : ComeBack(told, hasKey),
        News.Gone => HearGone(told),
        News.Redirect => HearRedirect(told, roomForHint),
        News.ApiConnected => HearApiConnected(told, since),
        News.ApiUnconfirmed => HearUnconfirmed(told),
        News.ApiAbsent => HearAbsent(told),
        News.Account => Standing == Standing.NotKnown ? default : new(Told: Account.Hear(told) ? 1 : 0),
        _ => HearClaim(told, hasKey),
    };

    /// <summary>
    /// Not new, if it was never connected here and nobody spoke of it: its row is asked, and without a key it is adopted.
    /// </summary>
    private Expected ComeBack(Told told, bool hasKey)
    {
        var isStranger = Standing is Standing.NotKnown or Standing.Gone && !Adopted && !Welcomed && AwaitedUntil is null && !_isNew;
        var expected = Connect(told);
        AgeUnknown = isStranger && hasKey;
        Adopted |= _returned = _returned || (isStranger && !hasKey);
        return expected;
    }

    /// <summary>It says that the number is new, whatever else comes of it.</summary>
    private Expected HearCreated(Told told, bool hasKey)
    {
        var expected = Standing switch
        {
            Standing.Connected when AgeUnknown || _returned => BecomeNew(told),
            Standing.Connected => HearAgain(told),
            _ when IsStale(told) => default,
            Standing.Gone when told.Occurred is { } occurred && occurred == _occurred => new(Asked: true),
            Standing.Gone when told.Occurred > _goneOccurred => Connect(told),
            Standing.Gone when hasKey => new(Asked: true),
            Standing.Gone when !IsApart(told.Received, _gone, TenMinutes) => default,
            _ => Connect(told),
        };
        if (!_isNew && Standing == Standing.Gone && !Welcomed && (_returned || !Adopted))
            AgeUnknown = _returned = Adopted = false;
        _isNew = true;
        return expected;
    }

    /// <summary>A <c>created</c> is always news.</summary>
    private Expected BecomeNew(Told told)
    {
        var expected = HearAgain(told);
        _provenDetails = told.Details ?? _provenDetails;
        AgeUnknown = _returned = Adopted = false;
        return expected;
    }

    private Expected HearGone(Told told)
    {
        if (IsStale(told))
            return default;
        if (Standing == Standing.Gone)
        {
            _provenDetails = told.Details ?? _provenDetails;
            _occurred = Later(told.Occurred);
            _goneOccurred = told.Occurred ?? _goneOccurred;
            return default;
        }

        var was = Standing;
        Leave(told);
        return new(Asked: was == Standing.Connected, Told: 1);
    }

    private Expected HearRedirect(Told told, bool roomForHint)
    {
        var isDue = Standing == Standing.Refused && IsApart(told.Received, _asked, TenMinutes);
        if (isDue && !told.IsFirstOfLink)
        {
            _asked = told.Received; // A page that is loaded again is no news.
            return new(Asked: true);
        }

        if (!(isDue || Standing == Standing.NotKnown) || !roomForHint)
            return default;
        Standing = Standing.Hinted;
        _hinted = _asked = told.Received;
        return new(Asked: true);
    }

    /// <summary>A hint that nobody can be asked about waits for a webhook, a day long. Returns whether it lapsed.</summary>
    public bool Lapse(DateTimeOffset now)
    {
        if (Standing != Standing.Hinted || now - _hinted < TimeSpan.FromDays(1))
            return false;
        Standing = Standing.Refused;
        return true;
    }

    private Expected HearApiConnected(Told told, DateTimeOffset since)
    {
        if (IsStale(told))
            return default;
        switch (Standing)
        {
            case Standing.Connected:
                FillIn(told, since);
                return default;
            case Standing.Gone when !(told.RowCreated > _gone) && !IsApart(told.Received, _gone, QuarterOfAnHour):
                _provenDetails ??= told.Details;
                return default;
            default:
                // Without a time of the row, only a number that nobody spoke of is taken to be older than the service. A sandbox
                // number has no age.
                Adopted |= !Welcomed && !Sandbox && !_isNew && told.Kind != "sandbox"
                    && (told.RowCreated is { } row ? row < since : Standing == Standing.NotKnown || AgeUnknown);
                AgeUnknown = false;
                AwaitedUntil = Adopted ? null : AwaitedUntil;
                var expected = Connect(told);
                ReadRow(told);
                return expected;
        }
    }

    private Expected HearUnconfirmed(Told told)
    {
        if (IsStale(told))
            return default;
        _absent = null;
        ReadRow(told);
        return default;
    }

    private Expected HearAbsent(Told told)
    {
        if (IsStale(told))
            return default;
        ReadRow(told);
        if (Standing == Standing.Hinted && told.Received - _hinted >= TenMinutes)
        {
            Standing = Standing.Refused;
            return new(Told: 1);
        }

        if (Standing != Standing.Connected)
            return default;
        if (_absent is not { } first || told.Received < first)
        {
            _absent = told.Received;
            return new(Asked: true);
        }

        if (told.Received - first < TwoMinutes)
            return default;
        Leave(told);
        return new(Told: 1);
    }

    /// <summary>A claim is as old as the proof behind it: this customer's own news that came after it overrules it.</summary>
    private Expected HearClaim(Told told, bool hasKey)
    {
        if (Standing != Standing.Connected)
            return default;
        if (hasKey)
            return new(Asked: true);
        if (LastProof > told.Received || _repeated >= told.Received + TenMinutes)
            return default;
        var first = _disputed is null;
        _disputed ??= told.Received;
        return new(Told: first ? 1 : 0);
    }

    /// <summary>
    /// A duplicate, unless another customer claimed the number: a webhook past the sender's retries is then a new event.
    /// </summary>
    private Expected HearAgain(Told told)
    {
        if (IsStale(told))
            return default;
        if (told.Received >= _disputed + TenMinutes)
            return Connect(told) with { Told = 0, Connected = true };
        _provenDetails = told.Details ?? _provenDetails;
        _repeated = _repeated > told.Received ? _repeated : told.Received;
        _occurred = Later(told.Occurred);
        return default;
    }

    /// <summary>Also what is known already moves the time of the last event.</summary>
    private DateTimeOffset? Later(DateTimeOffset? occurred) => occurred is null || occurred < _occurred ? _occurred : occurred;

    private bool IsStale(Told told) =>
        Standing != Standing.NotKnown
        && ((told.AskedAfterProofs is { } asked && asked != Proofs)
            || (told.Occurred is { } occurred && occurred < _occurred)
            || (told.Waited && told.Received < LastProof));

    private Expected Connect(Told told)
    {
        Prove(told);
        if (told.News == News.Created)
        {
            Adopted &= !_returned;
            AgeUnknown = _returned = false;
        }

        if (AwaitedUntil is not null)
            AwaitedUntil = told.Now.AddMinutes(3);
        Standing = Standing.Connected;
        EverConnected = true;
        _confirmedByApi = told.News == News.ApiConnected;
        _provenDetails = told.Details ?? _provenDetails;
        return new(Asked: !_confirmedByApi, Told: 1, Connected: true);
    }

    private void Leave(Told told)
    {
        Prove(told);
        Standing = Standing.Gone;
        _gone = told.Received;
        _goneOccurred = told.Occurred;
        Word = told.News == News.ApiAbsent ? told.Word : null;
    }

    /// <summary>
    /// What a row says besides. Any row can say sandbox; that it is none any more, only one that proves the number, and that is news.
    /// </summary>
    private void ReadRow(Told told)
    {
        if (Standing is not (Standing.Hinted or Standing.Connected))
            return;
        var proves = told.News == News.ApiConnected;
        Word = proves ? null : told.Word;
        if (told.Kind == "sandbox")
        {
            Sandbox = true;
            AwaitedUntil = null;
        }
        else if (Sandbox && proves && told.Kind is not null)
        {
            Sandbox = AgeUnknown = _returned = Adopted = false;
        }
    }

    private void FillIn(Told told, DateTimeOffset since)
    {
        var details = told.Details ?? _provenDetails;
        var isSame = Word is null && (told.Kind is null || Sandbox == (told.Kind == "sandbox"));
        if (AgeUnknown)
        {
            AgeUnknown = false;
            Adopted = _returned = !Sandbox && told.Kind != "sandbox" && !(told.RowCreated >= since);
        }
        else if (_confirmedByApi && _disputed is null && _absent is null && details == _provenDetails && isSame)
            return;
        Prove(told);
        ReadRow(told);
        _confirmedByApi = true;
        _provenDetails = details;
    }

    private void Prove(Told told)
    {
        Proofs++;
        LastProof = told.Received;
        _occurred = told.Occurred ?? _occurred;
        _disputed = _absent = _repeated = null;
    }

    /// <summary>Two receipts a few seconds out of order are close together all the same.</summary>
    private static bool IsApart(DateTimeOffset received, DateTimeOffset? earlier, TimeSpan span) =>
        earlier is not { } at || (received - at).Duration() >= span;
}
