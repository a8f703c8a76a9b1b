using System.Text.Json;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>The application as <c>dotnet run --project Kapso.AppHost</c> starts it, without containers, and what its dashboard can do.</summary>
public sealed class RunningApplicationTests
{
    [Fact]
    public async Task A_setup_link_is_played_on_the_simulated_platform_and_the_customer_is_welcomed()
    {
        var folder = Directory.CreateTempSubdirectory("kapso-apphost-");
        await using var redis = await RedisServer.StartAsync();
        using var patience = new CancellationTokenSource(RunningApplication.Patience);
        await using var application = await RunningApplication.StartAsync(
            patience.Token, $"Redis=127.0.0.1:{redis.Port}", $"Platform:File={Path.Combine(folder.FullName, "simulator.json")}");
        await application.ResourceNotifications.WaitForResourceHealthyAsync("simulator", patience.Token);
        using var api = application.CreateOperator();
        var project = $"/api/projects/{RunningApplication.Project}";

        // The first calls may come before the silos take any.
        var customer = await RunningApplication.PostAsync(api, project + "/customers", new { external_customer_id = "own-1" }, patience.Token);
        var ofCustomer = $"{project}/customers/{customer.GetProperty("customer_id").GetString()}";
        var link = await RunningApplication.PostAsync(api, ofCustomer + "/setup_links", new { }, patience.Token);
        using var browser = new HttpClient();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", "Customer 1")]);
        using var page = await browser.PostAsync(new Uri(link.GetProperty("url").GetString() + "/connect"), form, patience.Token);
        Assert.Contains("/whatsapp/success/", page.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);

        JsonElement number;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
            number = (await api.GetFromJsonAsync<JsonElement>(ofCustomer + "/connection", patience.Token)).GetProperty("numbers")[0];
        }
        while (number.GetProperty("welcome") is not { ValueKind: JsonValueKind.Object } welcome || welcome.GetProperty("status").GetString() != "done");
        Assert.Equal("connected", number.GetProperty("status").GetString());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task With_a_connection_string_the_dashboard_sends_a_test_connection_and_shows_held_effects()
    {
        await using var redis = await RedisServer.StartAsync();

        await AssertCommandsAsync($"127.0.0.1:{redis.Port}");
    }

    [Theory]
    [InlineData("redis-server", "appendonlydir")]
    [InlineData("valkey-server", "valkey/appendonlydir")]
    [InlineData("garnet", "garnet/AOF")]
    public async Task With_a_server_of_this_machine_it_does_the_same(string kind, string data)
    {
        using var machine = new StubMachine();
        machine.Install("redis-server", $"exec {StubMachine.Real("redis-server")} \"$@\"").Install("valkey-server", $"exec {StubMachine.Real("redis-server")} \"$@\"");

        await AssertCommandsAsync(kind, $"PATH={machine.Path}", $"DOTNET_HOST_PATH={StubMachine.Real("dotnet")}", $"Redis:Folder={machine.Folder}");

        Assert.True(Directory.Exists(Path.Combine(machine.Folder, data)), "It keeps an append-only file, in a folder of its own.");
        Assert.Null(machine.Remembered);
    }

    private static async Task AssertCommandsAsync(string redis, params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("kapso-apphost-");
        using var patience = new CancellationTokenSource(RunningApplication.Patience);
        await using var application = await RunningApplication.StartAsync(
            patience.Token, [$"Redis={redis}", $"Platform:File={Path.Combine(folder.FullName, "simulator.json")}", .. settings]);

        var store = await application.ResourceNotifications.WaitForResourceHealthyAsync("redis", patience.Token);
        Assert.Contains(store.Snapshot.Properties, property => property.Name == "Chosen");

        // What comes before a silo takes calls is kept for later, and the customer is not there yet.
        JsonElement? connection;
        while ((connection = await application.TryShowAsync("test-connection", patience.Token)) is null)
            await Task.Delay(TimeSpan.FromSeconds(1), patience.Token);

        Assert.Equal("connected", connection.Value.GetProperty("status").GetString());
        var held = await application.TryShowAsync("held-effects", patience.Token);
        Assert.Empty(held!.Value.GetProperty("items").EnumerateArray());
        folder.Delete(recursive: true);
    }
}
