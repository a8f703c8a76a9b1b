using System.Text.Json;

namespace Kapso.Tests.Soak;

/// <summary>Compares what the service says of a customer with the simulator's truth, and with what the company was told.</summary>
internal sealed class Comparison
{
    private static readonly JsonElement Nothing = JsonElement.Parse("""{"status":"none","numbers":[],"setup_links":[]}""");

    private readonly Dictionary<string, JsonElement> _truth;
    private readonly ILookup<(string CustomerId, string PhoneNumberId), string> _welcomes;

    /// <param name="truth">What the simulator's <c>/truth</c> tells.</param>
    /// <param name="company">Who was welcomed.</param>
    public Comparison(JsonElement truth, Company company)
    {
        _truth = truth.GetProperty("customers").EnumerateArray().ToDictionary(customer => customer.GetProperty("id").GetString()!);
        _welcomes = company.Welcomes.ToLookup(welcome => welcome.Value, welcome => welcome.Key);
    }

    /// <summary>Where the two differ, in words; empty where they are the same.</summary>
    public IReadOnlyList<string> Differences(SoakCustomer customer, JsonElement connection)
    {
        var truth = _truth[customer.Id];
        if (connection.ValueKind == JsonValueKind.Undefined)
            connection = Nothing;
        return
        [
            .. Numbers(customer, truth, connection),
            .. Links(customer, truth, connection),
            .. Status(truth, connection),
        ];
    }

    private IEnumerable<string> Numbers(SoakCustomer customer, JsonElement truth, JsonElement connection)
    {
        var numbers = connection.GetProperty("numbers").EnumerateArray().ToDictionary(number => number.Text("phone_number_id")!);
        var connected = ConnectedOf(truth);
        foreach (var id in connected.Where(id => !numbers.ContainsKey(id)))
            yield return $"{id} is connected, and not known.";

        foreach (var (id, number) in numbers)
        {
            var status = number.Text("status");
            if (!customer.Numbers.Contains(id))
                yield return $"{id} was never this customer's.";
            // A phone that was welcomed is not welcomed under another number, where it was told in time which phone that is.
            var known = number.Is("adopted") ? number.Text("same_phone_as") : null;
            if (connected.Contains(id)
                && (status != "connected" || number.Is("unconfirmed") || number.Is("disputed") || (number.Is("adopted") && known is null)))
                yield return $"{id} is connected, and not connected, confirmed and undisputed here, but {status}.";
            if (!connected.Contains(id) && status is not ("gone" or "refused"))
                yield return $"{id} is not connected, and {status} here.";

            var welcomes = _welcomes[(customer.Id, id)].ToList();
            var welcome = number.GetProperty("welcome");
            if (connected.Contains(id) && welcomes.Count != (known is null ? 1 : 0))
                yield return $"{id} was welcomed {welcomes.Count} times.";
            if (known is not null && _welcomes[(customer.Id, known)].Count() != 1)
                yield return $"{id} is not welcomed, since {known} was, and that is not so.";
            // One that was not sent before its number went waits until it comes back, or lapses.
            if (status == "gone" && welcomes.Count == 0 && welcome.ValueKind != JsonValueKind.Null
                && (welcome.Text("status") == "pending" || welcome.GetProperty("lapsed_at").ValueKind != JsonValueKind.Null))
                continue;
            if (welcome.ValueKind == JsonValueKind.Null ? welcomes.Count > 0 : welcome.Text("status") != "done" || welcomes is not [var one] || one != welcome.Text("id"))
                yield return $"The welcome of {id} is {welcome}, and the company was told {string.Join(", ", welcomes)}.";
        }

        foreach (var id in customer.Numbers.Where(id => !numbers.ContainsKey(id) && _welcomes.Contains((customer.Id, id))))
            yield return $"{id} was welcomed, and is not known.";
    }

    private static IEnumerable<string> Links(SoakCustomer customer, JsonElement truth, JsonElement connection)
    {
        var made = truth.GetProperty("setup_links").EnumerateArray().ToList();
        var links = connection.GetProperty("setup_links").EnumerateArray().ToList();
        if (made.Count != customer.Links || links.Count != made.Count)
            yield return $"{customer.Links} links were asked for, {made.Count} made, and {links.Count} are known.";
        foreach (var link in made)
        {
            var known = links.FirstOrDefault(one => one.Text("setup_link_id") == link.Text("id"));
            var expected = StatusOf(link);
            if (known.ValueKind == JsonValueKind.Undefined)
                yield return $"The link {link.Text("id")} is not known.";
            else if (known.Text("status") != expected)
                yield return $"The link {link.Text("id")} is {expected}, and {known.Text("status")} here.";
        }
    }

    private static IEnumerable<string> Status(JsonElement truth, JsonElement connection)
    {
        var links = truth.GetProperty("setup_links").EnumerateArray().Select(StatusOf).ToList();
        var status = connection.Text("status");
        var expected = ConnectedOf(truth).Count > 0 ? "connected"
            : links.FirstOrDefault() == "failed" ? "failed"
            : links.Contains("live") ? "invited"
            : null;
        if (expected is null ? status is not ("gone" or "refused" or "none") : status != expected)
            yield return $"The customer is {expected ?? "gone"}, and {status} here.";
    }

    private static HashSet<string> ConnectedOf(JsonElement truth) =>
        [.. truth.GetProperty("numbers").EnumerateArray().Where(number => number.Is("connected")).Select(number => number.Text("phone_number_id")!)];

    private static string StatusOf(JsonElement link) => (link.Text("status"), link.Text("whatsapp_setup_status")) switch
    {
        ("used", _) => "completed",
        ("active", "failed") => "failed",
        ("active", _) => "live",
        var (ended, _) => ended!,
    };
}
