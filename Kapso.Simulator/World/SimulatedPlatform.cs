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

    public SimulatedPlatform(SimulatorOptions options, SimulatedClock clock, FaultDice dice, DeliveryLog deliveries)
    {
        (_options, Clock, Dice, Deliveries) = (options, clock, dice, deliveries);
        _madeUp = new MadeUp(dice.Seed);
        Sender = AddSender();
        if (options.WebhookUrl is { } url)
            CreateWebhook(url, options.WebhookSecret, Events.All);
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
}
