using Kapso.Simulator.Clock;
using Kapso.Simulator.Deliveries;
using Kapso.Simulator.Faults;

namespace Kapso.Simulator.World;

/// <summary>
/// The platform's state: the truth that a receiver's state can be compared with. Rows are immutable and are swapped under
/// one lock.
/// </summary>
public sealed partial class SimulatedPlatform
{
    private readonly Lock _gate = new();
    private readonly SimulatorOptions _options;
    private readonly MadeUp _madeUp;
    private readonly Table<Customer> _customers;
    private readonly Table<SetupLink> _links;
    private readonly Table<PhoneNumber> _numbers;
    private readonly Table<Message> _messages;
    private readonly Table<Webhook> _webhooks;

    public SimulatedPlatform(
        SimulatorOptions options, SimulatedClock clock, FaultDice dice, DeliveryLog deliveries, KeptWorld? kept = null)
    {
        (_options, Clock, Dice, Deliveries) = (options, clock, dice, deliveries);
        _madeUp = new(dice.Seed, kept?.Made);
        _customers = new(_gate, kept?.Customers);
        _links = new(_gate, kept?.SetupLinks);
        _numbers = new(_gate, kept?.Numbers);
        _messages = new(_gate, kept?.Messages);
        _webhooks = new(_gate, kept?.Webhooks);

        // The time of a kept world does not go back: what was seen would not be there yet.
        if (kept?.Now - Now is { Ticks: > 0 } ahead)
            Clock.Advance(ahead);
        Sender = kept is null ? AddSender() : _numbers.Find(kept.SenderId)!;
        if (options.WebhookUrl is { } url)
            RegisterWebhook(url, options.WebhookSecret);
        if (options.Sample is { } sample)
            AddSample(sample.CustomerId, sample.PhoneNumberId);
    }

    public SimulatedClock Clock { get; }

    public FaultDice Dice { get; }

    public DeliveryLog Deliveries { get; }

    public string ProjectId => _options.ProjectId;

    /// <summary>The number of the company's own that welcomes can be sent from.</summary>
    public PhoneNumber Sender { get; }

    /// <summary>How often something of it was changed that is kept.</summary>
    internal long Version
    {
        get
        {
            lock (_gate)
                return _customers.Version + _links.Version + _numbers.Version + _messages.Version + _webhooks.Version;
        }
    }

    private DateTimeOffset Now => Clock.UtcNow;

    /// <summary>The world as it is now.</summary>
    internal KeptWorld Keep()
    {
        lock (_gate)
        {
            return new KeptWorld
            {
                Seed = Dice.Seed,
                Now = Now,
                SenderId = Sender.Id,
                Made = new Dictionary<string, int>(_madeUp.Made),
                Customers = _customers.OldestFirst,
                SetupLinks = _links.OldestFirst,
                Numbers = _numbers.OldestFirst,
                Messages = _messages.OldestFirst,
                Webhooks = _webhooks.OldestFirst,
            };
        }
    }

    private PhoneNumber AddSender() => _numbers.Put(new PhoneNumber
    {
        Id = _options.SenderPhoneNumberId ?? _madeUp.Digits("number", 15),
        BusinessAccountId = _madeUp.Digits("account", 15),
        ConfigId = _madeUp.Uuid("config"),
        Digits = _madeUp.PhoneNumber(),
        Name = "The company's own number",
        CreatedAt = Now,
        VisibleFrom = Now,
    });

    /// <summary>The webhook that the settings speak of: the one of an earlier start delivers to where the receiver is now.</summary>
    private void RegisterWebhook(Uri url, string? secret)
    {
        var known = _webhooks.OldestFirst.FirstOrDefault(webhook => webhook.IsConfigured) ?? CreateWebhook(url, secret, Events.All);
        _webhooks.Put(known with { Url = url, Secret = secret, Events = Events.All, IsConfigured = true });
    }
}
