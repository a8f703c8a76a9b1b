namespace Kapso.Simulator.World;

public sealed partial class SimulatedPlatform
{
    /// <summary>How often something of it was changed that is kept.</summary>
    internal long Version
    {
        get
        {
            lock (_gate)
                return _customers.Version + _links.Version + _numbers.Version + _messages.Version + _webhooks.Version;
        }
    }

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
                Customers = [.. _customers.OldestFirst],
                SetupLinks = [.. _links.OldestFirst],
                Numbers = [.. _numbers.OldestFirst],
                Messages = [.. _messages.OldestFirst],
                Webhooks = [.. _webhooks.OldestFirst],
            };
        }
    }

    /// <summary>Goes on with a world of before. Its time does not go back: what was seen would not be there yet.</summary>
    private void Restore(KeptWorld kept)
    {
        if (kept.Now > Now)
            Clock.Advance(kept.Now - Now);
        foreach (var customer in kept.Customers)
            _customers.Put(customer);
        foreach (var link in kept.SetupLinks)
            _links.Put(link);
        foreach (var number in kept.Numbers)
            _numbers.Put(number);
        foreach (var message in kept.Messages)
            _messages.Put(message);
        foreach (var webhook in kept.Webhooks)
            _webhooks.Put(webhook);
    }
}
