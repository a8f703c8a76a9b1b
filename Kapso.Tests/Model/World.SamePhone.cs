namespace Kapso.Tests.Model;

internal sealed partial class World
{
    /// <summary>When each welcome took effect, by customer and number.</summary>
    private readonly Dictionary<(string Customer, string Number), DateTimeOffset> _doneAt = [];

    /// <summary>How the welcomes of a customer stand, as they are written.</summary>
    private Dictionary<string, Sent> BooksOf(Connection connection) => connection.Numbers
        .Where(number => number.Welcome is not null)
        .ToDictionary(number => number.PhoneNumberId, number => StandOf(connection, number));

    private Sent StandOf(Connection connection, Number number)
    {
        var effect = connection.FindEffect(number.Welcome!.Id);
        return number.Welcome.Status switch
        {
            EffectStatus.Dead => Sent.No,
            EffectStatus.Done => _now - _doneAt[(connection.Key.CustomerId, number.PhoneNumberId)] <= TimeSpan.FromDays(30) ? Sent.Yes : Sent.No,
            EffectStatus.Held => Sent.Perhaps,
            _ when effect!.OutcomeUnknown => Sent.Perhaps,
            EffectStatus.InFlight => Sent.UnderWay,
            _ => Sent.NotYet,
        };
    }

    /// <summary>What the platform is asked about; a question that was answered and is to be asked once more tells nothing for now.</summary>
    private static HashSet<string> AskedIn(Connection connection, string? answered = null) =>
        [.. connection.Outbox.Where(effect => effect.Kind == EffectKind.Confirm && effect.Id != answered).Select(effect => effect.PhoneNumberId!)];

    private void Consider(ModelCustomer model, string id, Dictionary<string, Sent> books, HashSet<string> asked) =>
        model.Consider(id, _now, _policy.CanConfirm, _policy.GreetsSamePhone ? [] : books, asked);

    private void ConsiderAwaited(ModelCustomer model, Connection after, Dictionary<string, Sent> books, HashSet<string> asked, bool onlyOver = false) =>
        model.ConsiderAwaited(
            after.Numbers.Select(number => number.PhoneNumberId), _now, _policy.CanConfirm, _policy.GreetsSamePhone ? [] : books, asked, onlyOver);

    /// <summary>What a welcome that has come to something means for numbers that wait for it.</summary>
    private void HearSettled(Connection before, Connection after, Effect settled)
    {
        if (settled.Kind == EffectKind.Confirm)
            return;
        var books = BooksOf(before);
        if (settled.Kind == EffectKind.Welcome && after.FindNumber(settled.PhoneNumberId) is { Welcome: { } welcome } number)
        {
            if (welcome.Status == EffectStatus.Done)
                _doneAt[(after.Key.CustomerId, number.PhoneNumberId)] = _now;
            books[number.PhoneNumberId] = welcome.LapsedAt is not null ? Sent.NotYet : StandOf(after, number);
        }

        ConsiderAwaited(_models[after.Key], after, books, AskedIn(after));
    }

    /// <summary>A claim decides on those whose time is over, once it has given up what lapsed.</summary>
    private void HearClaimed(Connection before, Connection after)
    {
        var books = BooksOf(before);
        foreach (var number in after.Numbers.Where(number => number is { Welcome.Status: EffectStatus.Dead, WelcomeLeftTo: null }))
            books[number.PhoneNumberId] = Sent.No;
        ConsiderAwaited(_models[after.Key], after, books, AskedIn(after), onlyOver: true);
    }
}
