using System.Text.Json;
using System.Text.Json.Nodes;
using Kapso.Simulator.World;

namespace Kapso.Silo.Tests.Compatibility;

internal sealed partial class Scenario
{
    private const string OwnId = "own-1";

    private string _platformCustomer = "";
    private string _platformNumber = "";
    private string _usedLink = "";
    private string _spareLink = "";
    private string _successUrl = "";
    private string? _welcomeOfLater;

    /// <summary>The first half. When it ends, nothing is on its way but a welcome that the company does not take yet.</summary>
    public async Task TellAsync(Callers service)
    {
        (_company.Refused[Later], _company.Refused[Resent], _company.Refused[Settled]) = (503, 400, 400);
        await service.UntilReachedAsync(Project);

        // The platform is not asked about a fresh number at once: all else happens meanwhile.
        var inviting = InviteAsync(service);
        await Parallel.ForEachAsync(Plain.Concat(Special), async (customer, _) => await ConnectAsync(service, customer));
        await DeliverAsync(service, Events.Deleted, Gone, NumberOf(Gone));
        await RedirectAsync(service);
        await DeliverOthersAsync(service);

        await Parallel.ForEachAsync(Plain.Append(Gone), async (customer, _) => await UntilAsync(service, customer, IsWelcomed, "to be welcomed"));
        await UntilAsync(service, Later, connection => NumberIn(connection).GetProperty("welcome").GetProperty("attempts").GetInt32() > 1, "to be tried again");
        await Wait.ForAsync(async () => (await ListAsync(service, "effects?status=dead")).Length == 2, "two welcomes that are refused for good");
        await UntilToldAsync(service);
        await inviting;
        _welcomeOfLater = WelcomeIn(await FindAsync(service, Later));
    }

    /// <summary>A customer of the platform's: found or made by the company's own id, invited twice, connected by the first link.</summary>
    private async Task InviteAsync(Callers service)
    {
        var platform = _simulator.Platform;
        platform.CreateWebhook(new Uri(service.First, $"/webhooks/project/{platform.ProjectId}"), SimulatorHost.Secret, Events.All);
        _platformCustomer = (await service.PostAsync($"{PlatformApi}/customers", new { external_customer_id = OwnId, name = "Customer One" })).Text("customer_id")!;
        var links = $"{PlatformApi}/customers/{_platformCustomer}/setup_links";
        _usedLink = (await service.PostAsync(links, idempotencyKey: "first")).GetProperty("link").Text("setup_link_id")!;
        var end = platform.Connect(_usedLink)!;
        _platformNumber = end.Number!.Id;
        var path = $"{PlatformApi}/customers/{_platformCustomer}";
        await OpenUntilAsync(
            service,
            end.RedirectUrl!,
            async () => await service.ReadAsync(path + "/connection") is var connection && IsWelcomed(connection)
                && !NumberIn(connection).Is("unconfirmed") && SourcesIn(connection) is ["webhook", "redirect", ..],
            "the platform's customer to be connected, confirmed and welcomed");
        _spareLink = (await service.PostAsync(links, new { replace = true }, "second")).GetProperty("link").Text("setup_link_id")!;
        await service.AskAsync(HttpMethod.Patch, path, new { contact_phone = "+15551234567" });
    }

    private async Task RedirectAsync(Callers service)
    {
        _successUrl = (await service.PostAsync(PathOf(Hinted) + "/redirect_urls")).Text("success_redirect_url")!;
        await OpenUntilAsync(
            service,
            $"{_successUrl}?status=completed&phone_number_id={NumberOf(Hinted)}",
            async () => (await FindAsync(service, Hinted)).Text("status") == "hinted",
            "a redirect's hint");
        var failure = (await service.PostAsync(PathOf(Failed) + "/redirect_urls")).Text("failure_redirect_url")!;
        await OpenUntilAsync(
            service,
            $"{failure}?error_code=waba_limit_reached",
            async () => (await FindAsync(service, Failed)).Text("status") == "failed",
            "a failed setup");
        await OpenUntilAsync(
            service,
            $"/whatsapp/{Project}/success?status=completed&phone_number_id={ClaimedNumber}",
            async () => (await ActivityAsync(service)).GetProperty("unclaimed_hints").GetInt32() == 1,
            "an unclaimed hint");
        await OpenUntilAsync(
            service,
            $"/whatsapp/{Project}/failed?error_code=link_expired&setup_link_id=nobodys",
            async () => (await ActivityAsync(service)).GetProperty("failed_setups").GetArrayLength() > 0,
            "a failed setup of nobody's");
    }

    /// <summary>Deliveries that are of no customer's.</summary>
    private static async Task DeliverOthersAsync(Callers service)
    {
        Assert.Equal("parked", await DeliverAsync(service, Events.Created, null, ParkedNumber));
        Assert.Equal("parked", await service.DeliverAsync(Project, Secrets[0], Events.Created, "{", "malformed"));
        Assert.Equal("counted", await service.DeliverAsync(Project, Secrets[1], "whatsapp.message.received", "{}", "message"));
        Assert.Equal("test", await service.DeliverAsync(Project, Secrets[0], Events.Created, """{"test":true}""", "test"));
    }

    private static Task<JsonElement> ActivityAsync(Callers service) => service.ReadAsync($"{Api}/activity");

    /// <summary>Waits until the company was told of every change.</summary>
    private Task UntilToldAsync(Callers service) => Parallel.ForEachAsync(
        [.. Plain, .. Special, Hinted, Failed],
        async (customer, _) => await UntilAsync(
            service,
            customer,
            connection => connection.GetProperty("sequence").GetInt64() == _company.Changes.GetValueOrDefault(customer),
            "to be told of"));

    /// <summary>What the service shows of all this, by what it is; not of what is still on its way.</summary>
    /// <param name="service">The service.</param>
    /// <param name="moved">Whether it was moved to another engine, where counts and failed setups of nobody's stay behind.</param>
    public async Task<SortedDictionary<string, string>> ShowAsync(Callers service, bool moved = false)
    {
        await Wait.ForAsync(async () => (await ListAsync(service, "parked")).Length == 2, "what the engine owed to be replayed");
        var shown = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var customer in Plain.Concat(Special).Except([Later]).Append(Hinted).Append(Failed))
            shown[customer] = WithoutAdded((await FindAsync(service, customer)).GetRawText());
        foreach (var list in (string[])["connections?limit=1000", "connections?status=gone", "connections?status=failed", $"connections?query={NumberOf(Plain[7])}", "connections?query=customer-1"])
            shown[list] = string.Join('\n', (await ListAsync(service, list)).Select(row => $"{row.Text("customer_id")} {row.Text("status")} {row.GetProperty("phone_number_ids")}"));
        // Each engine has its own order for these: by the customer's id, or by when it was first heard of.
        foreach (var list in (string[])["effects?status=dead", "effects?status=held", "parked"])
            shown[list] = string.Join('\n', (await ListAsync(service, list)).Select(row => WithoutNames(row.GetRawText())).Order(StringComparer.Ordinal));
        foreach (var parked in await ListAsync(service, "parked"))
            shown[parked.Text("id")!] = (await service.ReadAsync($"{Api}/parked/{parked.Text("id")}")).GetRawText();
        if (!moved)
            shown["activity"] = ActivityWithoutAdded((await ActivityAsync(service)).GetRawText());
        var known = await service.ReadAsync($"{PlatformApi}/customers/{_platformCustomer}/connection");
        shown["of the platform"] = $"{known.Text("status")} {known.Text("contact_phone")} {NumberIn(known).Text("phone_number_id")} {WelcomeIn(known)}";
        return shown;
    }

    /// <summary>What is shown of a project's activity, but for the members that the earlier version did not have.</summary>
    private static string ActivityWithoutAdded(string shown)
    {
        var activity = JsonNode.Parse(shown)!.AsObject();
        activity.Remove("last_webhook");
        activity.Remove("turned_away");
        return activity.ToJsonString();
    }

    private static string WithoutNames(string shown)
    {
        var one = JsonNode.Parse(shown)!.AsObject();
        one.Remove("external_id");
        one.Remove("name");
        return one.ToJsonString();
    }

    /// <summary>What is shown of a connection, but for the members that the earlier version did not have.</summary>
    private static string WithoutAdded(string shown)
    {
        var connection = JsonNode.Parse(WithoutNames(shown))!;
        foreach (var number in connection["numbers"]!.AsArray().Select(number => number!.AsObject()))
        {
            number.Remove("returned");
            number.Remove("same_phone_as");
            number.Remove("connection_type");
            number.Remove("disconnection");
            number.Remove("attention");
            number.Remove("kind");
            number.Remove("platform_status");
            number.Remove("reconnect_at");
            number.Remove("name");
            number.Remove("verified_name");
            number["welcome"]?.AsObject().Remove("lapsed_at");
        }

        foreach (var link in connection["setup_links"]!.AsArray().Select(link => link!.AsObject()))
        {
            link.Remove("pending_error_code");
            link.Remove("reconnects_phone_number_id");
            link.Remove("automatic");
            link.Remove("succeeded_at");
        }

        return connection.ToJsonString();
    }
}
