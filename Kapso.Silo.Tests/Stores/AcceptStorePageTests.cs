namespace Kapso.Silo.Tests.Stores;

/// <summary>What an operator sees in a browser after the store was emptied under running processes.</summary>
public sealed class AcceptStorePageTests
{
    private const string ManagementKey = "management-key-of-a-replaced-store";

    [BrowserFact]
    public async Task An_alarm_leads_to_a_page_where_a_person_accepts_the_store()
    {
        using var patience = new CancellationTokenSource(Hosts.Patience);
        await using var simulator = await SimulatorHost.StartAsync(options => options.Seed = null, time: TimeProvider.System);
        await using var redis = await RedisServer.StartAsync();
        var (ofSilo, ofApi) = (SettingsOn(redis, simulator), SettingsOn(redis, simulator));
        await using var api = await ServiceProcess.StartAsync(Hosts.Api, ofApi, patience.Token);
        await using (var silo = await ServiceProcess.StartAsync(Hosts.Silo, ofSilo, patience.Token))
        {
            await using var connection = await redis.ConnectAsync();
            await connection.GetServer("127.0.0.1", redis.Port).FlushAllDatabasesAsync();
            Assert.Equal(1, await silo.EndedAsync(patience.Token));
        }

        await using var again = await ServiceProcess.StartAsync(Hosts.Silo, ofSilo, patience.Token);
        await api.UntilReadyAsync(patience.Token);
        await using var visitor = await Visitor.OpenAsync(api.Address);
        await visitor.GoAsync($"/ops/{simulator.Platform.ProjectId}");
        await visitor.SignInAsync(ManagementKey, "operator-1");
        await UntilSeenAsync(visitor, "The store took the place of another one");
        await visitor.PictureAsync("store-replaced");
        await visitor.AssertUsableInEveryLookAsync();

        await visitor.FollowAsync("Accept…");
        await visitor.SeeAsync("Accept this store?");
        await visitor.AssertUsableInEveryLookAsync();
        await visitor.PictureAsync("accept-store"); // Dark, on a narrow screen.
        await visitor.PressAsync("Accept");
        await visitor.SeeAsync("The store is accepted.");
        Assert.DoesNotContain("The store took the place of another one", await visitor.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        visitor.AssertNoComplaints();
    }

    private static Dictionary<string, string> SettingsOn(RedisServer redis, SimulatorHost simulator) => new(Hosts.SettingsOn(redis))
    {
        ["Kapso:Projects:0:Id"] = simulator.Platform.ProjectId,
        ["Kapso:Projects:0:WebhookSecrets:0"] = SimulatorHost.Secret,
        ["Kapso:Projects:0:ApiKey"] = SimulatorHost.Key,
        ["Kapso:Platform:BaseUrl"] = simulator.BaseUrl.AbsoluteUri,
        ["Kapso:Management:ApiKey"] = ManagementKey,
        ["Kapso:Outbox:Lease"] = "00:01:00",
    };

    /// <summary>The alarm is raised by the next pass.</summary>
    private static Task UntilSeenAsync(Visitor visitor, string text) => Wait.ForAsync(
        async () =>
        {
            await visitor.Page.ReloadAsync();
            return (await visitor.Page.Locator("body").InnerTextAsync()).Contains(text, StringComparison.Ordinal);
        },
        $"a page that says '{text}'");
}
