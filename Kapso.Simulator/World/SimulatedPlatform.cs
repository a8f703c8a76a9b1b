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
    private readonly Table<Customer> _customers = new();
    private readonly Table<SetupLink> _links = new();
    private readonly Table<PhoneNumber> _numbers = new();
    private readonly Table<Message> _messages = new();
    private readonly Table<Webhook> _webhooks = new();

    public SimulatedPlatform(
        SimulatorOptions options, SimulatedClock clock, FaultDice dice, DeliveryLog deliveries, KeptWorld? kept = null)
    {
        (_options, Clock, Dice, Deliveries) = (options, clock, dice, deliveries);
        _madeUp = new MadeUp(dice.Seed, kept?.Made);
        if (kept is not null)
            Restore(kept);
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

    private DateTimeOffset Now => Clock.UtcNow;

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
        if (_webhooks.OldestFirst.FirstOrDefault(webhook => webhook.IsConfigured) is { } known)
            _webhooks.Put(known with { Url = url, Secret = secret });
        else
            _webhooks.Put(CreateWebhook(url, secret, Events.All) with { IsConfigured = true });
    }
}
