using System.Text.Json;
using Kapso.Simulator.Faults;

namespace Kapso.Simulator.World;

/// <summary>How playing the customer ended.</summary>
/// <param name="RedirectUrl">Where the browser goes; null where it goes nowhere.</param>
/// <param name="Number">The number that was connected.</param>
/// <param name="Dropped">The redirect was lost, by a fault.</param>
public sealed record SetupEnd(string? RedirectUrl, PhoneNumber? Number, bool Dropped);

public sealed partial class SimulatedPlatform
{
    private static readonly JsonElement NoOptions = JsonElement.Parse("{}");

    /// <summary>Creates a link and revokes the customer's active one; null where there is no such customer.</summary>
    /// <param name="customerId">Whose it is.</param>
    /// <param name="successUrl">Where the browser goes after success.</param>
    /// <param name="failureUrl">Where it goes after a failure.</param>
    /// <param name="options">The members that it was asked for with.</param>
    /// <param name="pages">The address of the setup pages.</param>
    /// <param name="reconnects">The number that it connects again, and no other; null for a link that connects any.</param>
    public SetupLink? CreateSetupLink(
        string customerId, string? successUrl, string? failureUrl, JsonElement options, string pages, string? reconnects = null)
    {
        lock (_gate)
        {
            if (_customers.Find(customerId) is null)
                return null;
            foreach (var active in SetupLinks(customerId, SetupLink.Active))
                _links.Put(active with { RevokedAt = Now });

            var token = _madeUp.Token("link");
            return _links.Put(new SetupLink
            {
                Id = _madeUp.Uuid("link"),
                CustomerId = customerId,
                Token = token,
                Url = $"{pages}/setup/{token}",
                SuccessRedirectUrl = successUrl,
                FailureRedirectUrl = failureUrl,
                ReconnectsNumberId = reconnects,
                Options = options.ValueKind == JsonValueKind.Undefined ? NoOptions : options,
                CreatedAt = Now,
                ExpiresAt = Now + _options.LinkLife,
            });
        }
    }

    /// <summary>The customer's production number with this phone, which a link can connect again; null where there is none.</summary>
    public PhoneNumber? FindToReconnect(string customerId, string phone)
    {
        var digits = string.Concat(phone.Where(char.IsAsciiDigit));
        return _numbers.OldestFirst.LastOrDefault(number =>
            number.CustomerId == customerId && number.Digits == digits && number is { Kind: PhoneNumber.Production, DeletedAt: null });
    }

    public IReadOnlyList<SetupLink> SetupLinks(string? customerId = null, string? status = null) =>
        [.. _links.NewestFirst.Where(link =>
            (customerId is null || link.CustomerId == customerId) && (status is null || link.StatusAt(Now) == status))];

    public SetupLink? FindSetupLink(string id) => _links.Find(id);

    public SetupLink? FindSetupLinkByToken(string token) => _links.NewestFirst.FirstOrDefault(link => link.Token == token);

    /// <summary>Revokes a link, or gives it another end.</summary>
    public SetupLink? ChangeSetupLink(string customerId, string id, bool revoke, DateTimeOffset? expiresAt) =>
        _links.Find(id)?.CustomerId != customerId ? null : _links.Change(id, link => link with
        {
            RevokedAt = revoke ? link.RevokedAt ?? Now : link.RevokedAt,
            ExpiresAt = expiresAt ?? link.ExpiresAt,
        });

    /// <summary>The customer connects a number through a link that is active; null where it is not.</summary>
    /// <param name="linkId">The link.</param>
    /// <param name="digits">The number, or null for a made-up one.</param>
    /// <param name="name">The business name shown with it.</param>
    /// <param name="underNewId">Whether a number that was there before gets an id of its own all the same, as after a move to another account.</param>
    /// <param name="toldAsCreated">Whether a number that a link connects again is told of as a new one: that is not documented.</param>
    public SetupEnd? Connect(
        string linkId, string? digits = null, string? name = null, bool underNewId = false, bool toldAsCreated = false)
    {
        lock (_gate)
        {
            if (_links.Find(linkId) is not { } link || link.StatusAt(Now) != SetupLink.Active)
                return null;

            var again = link.ReconnectsNumberId is { } id ? _numbers.Find(id) : null;
            var isSame = again is not null && !underNewId;
            var number = isSame
                ? _numbers.Put(again! with { Status = PhoneNumber.Connected, DeletedAt = null, SetupLinkId = link.Id, VisibleFrom = Now + Lag(link.CustomerId) })
                : PutNumber(link.CustomerId, link.Id, again?.Digits ?? digits, name ?? _customers.Find(link.CustomerId)!.Name, underNewId);
            var redirect = Redirects.Success(link, number);
            _links.Put(link with { UsedAt = Now, SetupStatus = "completed", SetupError = null, LastRedirect = redirect });
            var isTold = isSame && !toldAsCreated;
            Tell(new Happening
            {
                Event = isTold ? Events.Reconnected : Events.Created,
                Number = number,
                At = Now,
                EventId = isTold ? _madeUp.Uuid("event") : null,
            });
            return End(redirect, number, link);
        }
    }

    /// <summary>The customer's setup fails. The link stays active; null where it is not, unless the code says why.</summary>
    public SetupEnd? Fail(string linkId, string code)
    {
        lock (_gate)
        {
            if (_links.Find(linkId) is not { } link)
                return null;

            var redirect = Redirects.Failure(link, code);
            var active = link.StatusAt(Now) == SetupLink.Active;
            _links.Put(link with
            {
                SetupStatus = active ? "failed" : link.SetupStatus,
                SetupError = active ? code : link.SetupError,
                LastRedirect = redirect,
            });
            return End(redirect, number: null, link);
        }
    }

    /// <summary>Connects a number of a customer without a link and without a browser.</summary>
    /// <param name="customerId">The customer.</param>
    /// <param name="digits">The number, which gets a new id though it may have been there before; null for a made-up one.</param>
    public PhoneNumber? ConnectDirectly(string customerId, string? digits = null)
    {
        lock (_gate)
        {
            if (_customers.Find(customerId) is not { } customer)
                return null;
            var number = PutNumber(customerId, linkId: null, digits, customer.Name, underNewId: true);
            Tell(new Happening { Event = Events.Created, Number = number, At = Now });
            return number;
        }
    }

    private SetupEnd End(string? redirect, PhoneNumber? number, SetupLink link)
    {
        var dropped = redirect is not null && Dice.Falls(FaultKind.DropRedirect, link.Id);
        return new SetupEnd(dropped ? null : redirect, number, dropped);
    }

    /// <summary>A number that the customer had before comes back under its old id, unless it is to have a new one; one of another customer moves.</summary>
    private PhoneNumber PutNumber(string customerId, string? linkId, string? digits, string name, bool underNewId)
    {
        var known = digits is null || underNewId ? null : _numbers.OldestFirst.FirstOrDefault(number => number.Digits == digits);
        return _numbers.Put(new PhoneNumber
        {
            Id = known?.Id ?? _madeUp.Digits("number", 15),
            CustomerId = customerId,
            SetupLinkId = linkId,
            BusinessAccountId = known?.BusinessAccountId ?? _madeUp.Digits("account", 15),
            ConfigId = _madeUp.Uuid("config"),
            Digits = digits ?? UnusedNumber(),
            Name = name,
            CreatedAt = Now,
            VisibleFrom = Now + Lag(customerId),
        });
    }

    private string UnusedNumber()
    {
        string digits;
        do
            digits = _madeUp.PhoneNumber();
        while (_numbers.OldestFirst.Any(number => number.Digits == digits));
        return digits;
    }

    private TimeSpan Lag(string subject) => Dice.Falls(FaultKind.LaggingApi, subject)
        ? TimeSpan.FromSeconds(5 + (85 * Dice.Extent(FaultKind.LaggingApi, subject)))
        : TimeSpan.Zero;
}
