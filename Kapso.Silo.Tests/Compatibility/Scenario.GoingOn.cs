using System.Net;
using System.Text.Json;
using Kapso.Simulator.World;

namespace Kapso.Silo.Tests.Compatibility;

internal sealed partial class Scenario
{
    /// <summary>The second half: whatever is known goes on, nobody is welcomed twice, and nothing is lost.</summary>
    public async Task GoOnAsync(Callers service)
    {
        await Parallel.ForEachAsync(Plain, async (customer, _) => Assert.Equal("duplicate", await ConnectAsync(service, customer)));
        await WelcomeAsync(service);
        await ProveHintsAsync(service);
        await LookAfterParkedAsync(service);
        await GoOnWithPlatformAsync(service);

        // Found by its number alone.
        await DeliverAsync(service, Events.Deleted, null, NumberOf(Plain[0]));
        await UntilAsync(service, Plain[0], connection => connection.Text("status") == "gone", "to be gone");
        await Wait.ForAsync(
            async () => (await ListAsync(service, "connections?status=gone")).Select(row => row.Text("customer_id")).SequenceEqual([Plain[0], Gone]), "the list of the gone");
        await DeliverAsync(service, Events.Created, "customer-new", "200000000000003");
        await UntilAsync(service, "customer-new", IsWelcomed, "to be welcomed");
        await SeeAllWelcomedOnceAsync(service);
    }

    /// <summary>Sees that each welcome was taken once, and that each number had one.</summary>
    public async Task SeeAllWelcomedOnceAsync(Callers service)
    {
        await UntilToldAsync(service);
        Assert.Equal(0, (await ActivityAsync(service)).GetProperty("unclaimed_hints").GetInt32());
        Assert.Equal(_company.Welcomes.Count, _company.Received - _company.Failed);
        Assert.Equal(_company.Welcomes.Count, _company.Welcomes.Values.Distinct().Count());
        var welcomed = _company.Welcomes.Values.Select(welcome => welcome.CustomerId).Order(StringComparer.Ordinal);
        Assert.Equal(
            [.. ((string[])[.. Plain, Later, Resent, Gone, Hinted, "customer-claiming", "customer-parked", "customer-new", _platformCustomer]).Order(StringComparer.Ordinal)],
            welcomed);
    }

    /// <summary>The welcomes that wait: for the company, and for a person.</summary>
    private async Task WelcomeAsync(Callers service)
    {
        _company.Refused.Clear();
        await UntilAsync(service, Later, IsWelcomed, "to be welcomed");
        Assert.Equal(_welcomeOfLater, WelcomeIn(await FindAsync(service, Later)));
        Assert.Equal((Later, NumberOf(Later)), _company.Welcomes[_welcomeOfLater!]);

        foreach (var (customer, act) in ((string, string)[])[(Resent, "resend"), (Settled, "settle")])
        {
            var id = (await ListAsync(service, "effects?status=dead")).Single(effect => effect.Text("customer_id") == customer).Text("id");
            await service.PostAsync($"{PathOf(customer)}/effects/{id}/{act}");
            await UntilAsync(service, customer, IsWelcomed, "to count as welcomed");
            Assert.Equal(act == "resend", _company.Welcomes.ContainsKey(id!));
        }

        await Wait.ForAsync(async () => (await ListAsync(service, "effects?status=dead")).Length == 0, "no effect to wait for a person");
    }

    /// <summary>Numbers that browsers spoke of before, with a state and without one.</summary>
    private async Task ProveHintsAsync(Callers service)
    {
        Assert.Equal(HttpStatusCode.OK, (await service.OpenAsync(_successUrl)).Status);
        await ConnectAsync(service, Hinted);
        await DeliverAsync(service, Events.Created, "customer-claiming", ClaimedNumber);
        foreach (var customer in (string[])[Hinted, "customer-claiming"])
        {
            await UntilAsync(service, customer, IsWelcomed, "to be welcomed");
            await UntilAsync(service, customer, connection => SourcesIn(connection) is ["webhook", "redirect"], "to have both sources");
        }
    }

    private static async Task LookAfterParkedAsync(Callers service)
    {
        await DeliverAsync(service, Events.Created, "customer-parked", ParkedNumber);
        foreach (var parked in await ListAsync(service, "parked"))
        {
            var (act, done) = parked.Is("discard_only") ? ("discard", "discarded") : ("replay", "replayed");
            Assert.Equal(done, (await service.PostAsync($"{Api}/parked/{parked.Text("id")}/{act}")).Text("status"));
        }

        Assert.Empty(await ListAsync(service, "parked"));
        await UntilAsync(
            service,
            "customer-parked",
            connection => IsWelcomed(connection) && connection.GetProperty("timeline").EnumerateArray().Any(line => line.Text("event") == "parked.replayed"),
            "to have the line of its replay");
    }

    private async Task GoOnWithPlatformAsync(Callers service)
    {
        Assert.Equal(_platformCustomer, (await service.PostAsync($"{PlatformApi}/customers", new { external_customer_id = OwnId })).Text("customer_id"));
        var path = $"{PlatformApi}/customers/{_platformCustomer}";
        var links = (await service.ReadAsync(path + "/setup_links")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("link").Text("setup_link_id"));
        Assert.Equal([_spareLink, _usedLink], links);
        Assert.Equal(_spareLink, (await service.PostAsync(path + "/setup_links", new { replace = true }, "second")).GetProperty("link").Text("setup_link_id"));
        Assert.Equal("revoked", (await service.PostAsync($"{path}/setup_links/{_spareLink}/revoke")).Text("status"));
        await service.AskAsync(HttpMethod.Put, $"{path}/setup_links/made-elsewhere");
        Assert.Equal("+15557654321", (await service.AskAsync(HttpMethod.Patch, path, new { contact_phone = "+15557654321" })).Text("contact_phone"));

        await service.PostAsync($"{PlatformApi}/reconcile");
        await Wait.ForAsync(
            async () => (await service.ReadAsync($"{PlatformApi}/reconciliation")).GetProperty("last").ValueKind == JsonValueKind.Object, "a pass of reconciliation");
        var connection = await service.ReadAsync(path + "/connection");
        Assert.Equal((_platformNumber, "connected"), (NumberIn(connection).Text("phone_number_id"), NumberIn(connection).Text("status")));
    }
}
