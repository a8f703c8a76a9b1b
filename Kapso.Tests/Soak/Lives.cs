namespace Kapso.Tests.Soak;

/// <summary>What becomes of customers, and how often.</summary>
internal static class Lives
{
    private static readonly Act[] Plain = [Act.Invite, Act.Connect, Act.Return];

    private static readonly (int Share, Act[] Acts)[] All =
    [
        (37, Plain),
        (3, [.. Plain, Act.Return]),
        (10, [Act.ConnectDirectly]),
        (3, [Act.ConnectDirectly, .. Plain]),
        (8, [Act.Invite, Act.Fail, Act.Return, Act.Connect, Act.Return]),
        (3, [Act.Invite, Act.Fail, Act.Return, Act.Fail, Act.Return, Act.Connect, Act.Return]),
        (4, [Act.Invite, Act.Fail, Act.Return]),
        (6, [Act.Invite]),
        (4, [Act.Invite, Act.Replace, Act.Connect, Act.Return]),
        (2, [Act.Invite, Act.Fail, Act.Return, Act.Replace, Act.Connect, Act.Return]),
        (3, [Act.Invite, Act.Revoke]),
        (4, [.. Plain, Act.Delete]),
        (1, [.. Plain, Act.Offboard]),
        (1, [.. Plain, Act.Disconnect]),
        (4, [.. Plain, Act.Disconnect, Act.Reconnect]),
        (3, [.. Plain, Act.Delete, Act.Invite, Act.ConnectAgain, Act.Return]),
        (3, [.. Plain, Act.Delete, Act.Invite, Act.ConnectUnderNewId, Act.Return]),
        (4, [Act.Invite, Act.TakeOver, Act.Return]),
        (2, [.. Plain, Act.Hold, Act.Approve]),
        (2, [.. Plain, Act.MakeSandbox, Act.MakeProduction]),
        (1, [Act.ConnectDirectly, Act.MakeSandbox, Act.MakeProduction]),
    ];

    /// <summary>A life for each customer. Who takes a number over takes it from one who has just that, each from another.</summary>
    public static IReadOnlyList<SoakCustomer> Draw(Random random, IReadOnlyList<string> customerIds)
    {
        var customers = customerIds.Select(id => new SoakCustomer(id, Draw(random))).ToList();
        var owners = new Queue<SoakCustomer>(customers.Where(one => one.Life == Plain));
        foreach (var taker in customers.Where(one => one.Life.Contains(Act.TakeOver)))
            taker.Owner = owners.Dequeue();
        return customers;
    }

    private static Act[] Draw(Random random)
    {
        var drawn = random.Next(All.Sum(one => one.Share));
        return All.First(one => (drawn -= one.Share) < 0).Acts;
    }
}

/// <summary>A customer, and how far their life is. Played by one worker at a time.</summary>
internal sealed class SoakCustomer(string id, Act[] life)
{
    private int _next;

    public string Id => id;

    public Act[] Life => life;

    /// <summary>Who has the number that is taken over.</summary>
    public SoakCustomer? Owner { get; set; }

    public bool IsOver => _next == life.Length;

    public Act Next => life[_next];

    /// <summary>Not tried before then, by the simulated time.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>The key that the next link is asked for with, again and again until it is there.</summary>
    public string IdempotencyKey { get; private set; } = Guid.NewGuid().ToString();

    /// <summary>How many links were asked for and came.</summary>
    public int Links { get; set; }

    /// <summary>The platform's id of the last link.</summary>
    public string? LinkId { get; set; }

    /// <summary>Where the browser is sent.</summary>
    public Uri? Redirect { get; set; }

    /// <summary>The last number, and its digits.</summary>
    public (string Id, string Digits)? Number { get; private set; }

    /// <summary>All numbers that were ever this customer's.</summary>
    public HashSet<string> Numbers { get; } = [];

    public void Connected(string phoneNumberId, string digits)
    {
        Number = (phoneNumberId, digits);
        Numbers.Add(phoneNumberId);
    }

    /// <summary>Goes on to the next act.</summary>
    public void GoOn()
    {
        if (Next is Act.Invite or Act.Replace)
            IdempotencyKey = Guid.NewGuid().ToString();
        _next++;
    }
}
