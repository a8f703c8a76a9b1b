using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kapso.Tests.Hosting;

/// <summary>The simulated platform that a development run without settings has in it.</summary>
[Collection(RunsAlone.Name)]
public sealed class DemonstrationPlatformTests
{
    private const string Project = "de300000-0000-4000-8000-000000000001";
    private const string Project2 = "project-1";

    [Fact]
    public async Task A_link_is_played_and_the_printed_webhook_sent_and_both_outlive_a_full_reconciliation_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        var address = Address();
        string customer;
        await using (var host = HostProcess.Start(folder.Path, "Development", ("ASPNETCORE_URLS", address)))
        {
            var console = await host.ShownAsync("simulator is the platform itself");
            using var client = ClientOf(address, console);
            Assert.Contains("applied", await Shell.PasteAsync(Shell.Paragraph(console, "body=")), StringComparison.Ordinal);
            customer = (await PostAsync(client, "customers", new { external_customer_id = "own-1" })).GetProperty("customer_id").GetString()!;
            var link = await PostAsync(client, $"customers/{customer}/setup_links", new { });
            await ConnectAsync(link.GetProperty("url").GetString()!);
            await WelcomedAsync(client, customer);
            Assert.Equal(0, await host.StopAsync());
        }

        await using var again = HostProcess.Start(folder.Path, "Development", ("ASPNETCORE_URLS", address));
        using var operatorsClient = ClientOf(address, await again.ShownAsync("simulator is the platform itself"));
        await PostAsync(operatorsClient, "reconcile", new { });
        var last = default(JsonElement);
        await Wait.ForAsync(
            async () => !(await ReadAsync(operatorsClient, "reconciliation")).GetProperty("full_wanted").GetBoolean()
                && (last = (await ReadAsync(operatorsClient, "reconciliation")).GetProperty("last")).GetProperty("counts").GetProperty("asked").GetInt32() == 1,
            "a full pass that asks for the printed number");

        Assert.Equal(0, last.GetProperty("counts").GetProperty("gone").GetInt32());
        Assert.Empty((await ReadAsync(operatorsClient, "reconciliation")).GetProperty("alarms").EnumerateArray());
        foreach (var known in (string[])[customer, "de300000-0000-4000-8000-000000000002"])
        {
            var connection = await WelcomedAsync(operatorsClient, known);
            Assert.False(connection.GetProperty("numbers")[0].GetProperty("unconfirmed").GetBoolean());
        }
    }

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Development", true)]
    [InlineData("Development", false)]
    public async Task It_is_left_out_outside_development_and_where_a_project_or_another_platform_is_configured(string environment, bool ofProject)
    {
        using var folder = new TemporaryFolder();
        var address = Address();
        (string, string)[] settings = ofProject
            ? [("Kapso__Projects__0__Id", Project2), ("Kapso__Management__ApiKey", "a-management-key-of-the-tests"), ("Kapso__PublicUrl", "https://connect.example.com")]
            : [("Kapso__Platform__BaseUrl", "http://127.0.0.1:9")];
        await using var host = HostProcess.Start(folder.Path, environment, [("ASPNETCORE_URLS", address), .. settings]);
        await host.StartedAsync();
        using var client = new HttpClient { BaseAddress = new Uri(address) };

        using var page = await client.GetAsync(new Uri("/simulator/", UriKind.Relative), TestContext.Current.CancellationToken);
        using var truth = await client.GetAsync(new Uri("/simulator/truth", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, truth.StatusCode);
        Assert.DoesNotContain("simulated", host.Output, StringComparison.OrdinalIgnoreCase);
    }

    private static string Address() => $"http://127.0.0.1:{LoopbackPort.Free()}";

    private static HttpClient ClientOf(string address, string console)
    {
        const string Label = "management key   ";
        var key = console[(console.IndexOf(Label, StringComparison.Ordinal) + Label.Length)..].Split('\n')[0];
        var client = new HttpClient { BaseAddress = new Uri($"{address}/api/projects/{Project}/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        using var response = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    private static Task<JsonElement> ReadAsync(HttpClient client, string path) => client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    /// <summary>Plays the customer as a browser does: the form of the setup page, and the redirect behind it.</summary>
    private static async Task ConnectAsync(string setup)
    {
        using var browser = new HttpClient();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", "Customer 1")]);
        using var page = await browser.PostAsync(new Uri(setup + "/connect"), form);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("/whatsapp/success/", page.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> WelcomedAsync(HttpClient client, string customer)
    {
        var connection = default(JsonElement);
        await Wait.ForAsync(
            async () => (connection = await ReadAsync(client, $"customers/{customer}/connection")).GetProperty("numbers") is var numbers
                && numbers.GetArrayLength() == 1
                && numbers[0].GetProperty("status").GetString() == "connected"
                && numbers[0].GetProperty("welcome").GetProperty("status").GetString() == "done",
            "one number, connected and welcomed");
        return connection;
    }
}
