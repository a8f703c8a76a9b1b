namespace Kapso.Simulator.World;

/// <summary>What can be done to a number.</summary>
public enum NumberAction
{
    /// <summary>Its teardown starts: the webhook goes out, and the API lists it until the teardown is over.</summary>
    Delete,

    /// <summary>Meta offboarded it.</summary>
    Offboard,

    /// <summary>It lost its connection.</summary>
    Disconnect,

    /// <summary>It has its connection back.</summary>
    Reconnect,

    /// <summary>WhatsApp has not approved its name (any more): the API shows it as pending. No webhook tells of it.</summary>
    Hold,

    /// <summary>WhatsApp has approved it. No webhook tells of it.</summary>
    Approve,

    /// <summary>It is one to try things with, and nobody's own. No webhook tells of it.</summary>
    MakeSandbox,

    /// <summary>It is a number like others. No webhook tells of it.</summary>
    MakeProduction,

    /// <summary>WhatsApp rates it one step worse, and the best again after the worst. No webhook tells of it.</summary>
    Rate,
}

public sealed partial class SimulatedPlatform
{
    /// <summary>How long the API goes on listing a number that was deleted.</summary>
    internal static readonly TimeSpan Teardown = TimeSpan.FromSeconds(30);

    /// <summary>All numbers as they are, whatever the API shows of them.</summary>
    public IReadOnlyList<PhoneNumber> Numbers() => [.. _numbers.NewestFirst];

    /// <summary>The numbers that the API shows now.</summary>
    public IReadOnlyList<PhoneNumber> VisibleNumbers(string? customerId = null, string? phoneNumberId = null) =>
        [.. _numbers.NewestFirst.Where(number =>
            number.VisibleFrom <= Now
            && !(number.DeletedAt + Teardown <= Now)
            && (!number.IsSample || phoneNumberId is not null)
            && (customerId is null || number.CustomerId == customerId)
            && (phoneNumberId is null || number.Id == phoneNumberId))];

    /// <summary>Does something to a number; null where there is none, or it does not apply.</summary>
    public PhoneNumber? Act(string phoneNumberId, NumberAction action)
    {
        lock (_gate)
        {
            if (_numbers.Find(phoneNumberId) is not { CustomerId: not null, DeletedAt: null } number)
                return null;
            if (Quietly(number, action) is { } quiet)
                return quiet == number ? null : _numbers.Put(quiet);
            if ((action == NumberAction.Reconnect) == number.IsConnected && action != NumberAction.Delete)
                return null;

            var changed = _numbers.Put(action switch
            {
                NumberAction.Delete => number with { DeletedAt = Now },
                NumberAction.Reconnect => number with { Status = PhoneNumber.Connected, VisibleFrom = Now + Lag(phoneNumberId) },
                _ => number with { Status = PhoneNumber.Disconnected },
            });
            var (name, why) = action switch
            {
                NumberAction.Delete => (Events.Deleted, null),
                NumberAction.Offboard => (Events.Offboarded, new Disconnection("account_offboarded", "meta")),
                NumberAction.Disconnect => (Events.Disconnected, new Disconnection("connection_lost", "business")),
                _ => (Events.Reconnected, null),
            };
            var eventId = action == NumberAction.Delete ? null : _madeUp.Uuid("event");
            Tell(new Happening { Event = name, Number = changed, At = Now, EventId = eventId, Disconnection = why });
            return changed;
        }
    }

    /// <summary>What is changed without a webhook that tells of it; null for an action that is told.</summary>
    private static PhoneNumber? Quietly(PhoneNumber number, NumberAction action) => action switch
    {
        NumberAction.Hold => number.IsConnected ? number with { Status = PhoneNumber.Pending } : number,
        NumberAction.Approve => number.Status == PhoneNumber.Pending ? number with { Status = PhoneNumber.Connected } : number,
        NumberAction.MakeSandbox => number with { Kind = PhoneNumber.Sandbox },
        NumberAction.MakeProduction => number with { Kind = PhoneNumber.Production },
        NumberAction.Rate => number with { Quality = number.Quality switch { "GREEN" => "YELLOW", "YELLOW" => "RED", _ => "GREEN" } },
        _ => null,
    };

    /// <summary>
    /// Adds a number that an example of a webhook speaks of: nothing is told of it, and the API shows it only to whoever asks for
    /// it. Does nothing where the number is there.
    /// </summary>
    public PhoneNumber AddSample(string customerId, string phoneNumberId)
    {
        lock (_gate)
        {
            if (_numbers.Find(phoneNumberId) is { } known)
                return known;
            var customer = _customers.Find(customerId) ?? _customers.Put(new Customer(customerId, "Customer of an example", null, Now));
            return _numbers.Put(Sender with
            {
                Id = phoneNumberId,
                CustomerId = customer.Id,
                ConfigId = _madeUp.Uuid("config"),
                Digits = UnusedNumber(),
                Name = customer.Name,
                CreatedAt = Now,
                VisibleFrom = Now,
                IsSample = true,
            });
        }
    }
}
