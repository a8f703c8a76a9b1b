using System.Text.Json;
using Aspire.Hosting;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>The application as <c>dotnet run --project Kapso.AppHost</c> starts it, without containers, and what its dashboard can do.</summary>
public sealed class RunningApplicationTests
{
    [Fact]
    public async Task With_a_connection_string_the_dashboards_commands_work_and_a_setup_link_is_played_and_the_customer_welcomed()
    {
        var folder = Directory.CreateTempSubdirectory("kapso-apphost-");
        await using var redis = await RedisServer.StartAsync();
        using var patience = new CancellationTokenSource(RunningApplication.Patience);
        await using var application = await RunningApplication.StartAsync(
            patience.Token, $"Redis=127.0.0.1:{redis.Port}", $"Platform:File={Path.Combine(folder.FullName, "simulator.json")}");
        await AssertCommandsAsync(application, patience.Token);

        await application.ResourceNotifications.WaitForResourceHealthyAsync("simulator", patience.Token);
        using var api = application.CreateOperator();
        var project = $"/api/projects/{RunningApplication.Project}";
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

    [Theory]
    [InlineData("redis-server", "appendonlydir")]
    [InlineData("valkey-server", "valkey/appendonlydir")]
    [InlineData("garnet", "garnet/AOF")]
    public async Task With_a_server_of_this_machine_its_commands_work_as_well(string kind, string data)
    {
        var folder = Directory.CreateTempSubdirectory("kapso-apphost-");
        using var patience = new CancellationTokenSource(RunningApplication.Patience);
        using var machine = new StubMachine();
        machine.Install("redis-server", $"exec {StubMachine.Real("redis-server")} \"$@\"").Install("valkey-server", $"exec {StubMachine.Real("redis-server")} \"$@\"");

        await using (var application = await RunningApplication.StartAsync(
            patience.Token,
            $"Redis={kind}", $"Platform:File={Path.Combine(folder.FullName, "simulator.json")}",
            $"PATH={machine.Path}", $"DOTNET_HOST_PATH={StubMachine.Real("dotnet")}", $"Redis:Folder={machine.Folder}"))
        {
            await AssertCommandsAsync(application, patience.Token);
        }

        Assert.True(Directory.Exists(Path.Combine(machine.Folder, data)), "It keeps an append-only file, in a folder of its own.");
        Assert.Null(machine.Remembered);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Silos_whose_store_is_emptied_are_started_anew_and_the_application_works_again()
    {
        var folder = Directory.CreateTempSubdirectory("kapso-apphost-");
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await redis.ConnectAsync();
        using var patience = new CancellationTokenSource(RunningApplication.Patience);
        await using var application = await RunningApplication.StartAsync(
            patience.Token, $"Redis=127.0.0.1:{redis.Port}", $"Platform:File={Path.Combine(folder.FullName, "simulator.json")}");
        await AssertCommandsAsync(application, patience.Token);
        foreach (var project in (string[])["silo", "api"])
            await application.ResourceNotifications.WaitForResourceHealthyAsync(project, patience.Token);

        await connection.GetServer("127.0.0.1", redis.Port).FlushAllDatabasesAsync();
        var store = connection.GetDatabase();
        await Wait.ForAsync(
            async () => await store.HashExistsAsync("kapso/store", "id") && await store.HashExistsAsync("kapso/store", "replaced"),
            "a silo that has begun anew on the emptied store");
        await AssertCommandsAsync(application, patience.Token);
        folder.Delete(recursive: true);
    }

    /// <summary>The dashboard sends a test connection and shows held effects.</summary>
    private static async Task AssertCommandsAsync(DistributedApplication application, CancellationToken cancellationToken)
    {
        var store = await application.ResourceNotifications.WaitForResourceHealthyAsync("redis", cancellationToken);
        Assert.Contains(store.Snapshot.Properties, property => property.Name == "Chosen");

        // What comes before a silo takes calls is kept for later, and the customer is not there yet.
        JsonElement? connection;
        while ((connection = await application.TryShowAsync("test-connection", cancellationToken)) is null)
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);

        Assert.Equal("connected", connection.Value.GetProperty("status").GetString());
        var held = await application.TryShowAsync("held-effects", cancellationToken);
        Assert.Empty(held!.Value.GetProperty("items").EnumerateArray());
    }
}
