using System.Globalization;
using System.Text.Json;
using Kapso.Simulator.Faults;
using Kapso.Tests.Hosting;

namespace Kapso.Tests.Browser;

/// <summary>
/// The walk of <see cref="DemonstrationWalkTests"/> on a day on which everything goes wrong: each fault of the simulated platform
/// is switched on. People do what people do: what did not work is tried again, and they wait.
/// </summary>
[Long]
[Collection(RunsAlone.Name)]
public sealed class EveryFaultWalkTests(ITestOutputHelper output)
{
    private const double Rate = 0.2;
    private const int Patience = 240;
    private const int Tries = 100;

    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;

    [BrowserTheory]
    [InlineData(1)] // sent twice, late, out of order
    [InlineData(4)] // neither the webhook nor the browser comes
    [InlineData(5)] // the browser first, and an API that keeps silent
    [InlineData(13)] // the browser first, and an API that is behind
    public async Task With_every_fault_switched_on_a_link_is_made_and_played_and_ends_connected_and_welcomed(int seed)
    {
        using var folder = new TemporaryFolder();
        var address = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}");
        await using var host = HostProcess.Start(
            folder.Path,
            "Development",
            ("ASPNETCORE_URLS", address.GetLeftPart(UriPartial.Authority)),
            ("Simulator__Seed", seed.ToString(CultureInfo.InvariantCulture)),
            ("Kapso__Reconcile__Interval", "00:01:00"));
        var key = DemonstrationWalkTests.ManagementKeyOf(await host.ShownAsync("Play a setup link"));
        await using var visitor = await Visitor.OpenAsync(address);
        await visitor.GoAsync("/ops");
        await OperatorStage.SignInAsync(visitor, key);
        await visitor.SeeAsync("Needs a person");
        using var simulator = new HttpClient { BaseAddress = new Uri(address, "/simulator/api/") };
        await SwitchOnAsync(simulator);

        var link = await InviteAsync(visitor);
        var ofOperator = visitor.Page.Url;
        await visitor.GoAsync(link);
        await visitor.SeeAsync("You play the customer Customer 1");
        await visitor.PressAsync("Connect");
        if (!await visitor.SeesAsync("By a fault, the browser does not go back", "WhatsApp"))
            await visitor.SeeAsync("WhatsApp is connected", Patience);

        // Where the browser did not come back, nobody but the platform knows: a webhook tells, or a question.
        await visitor.GoAsync(ofOperator);
        await visitor.SeeAsync("welcome.done", Patience);
        await visitor.SeeAsync("setup_link.completed", Patience);
        Assert.Contains("Welcome, customer", host.Output, StringComparison.Ordinal);
        visitor.AssertNoComplaints(refused: true);
        await AssertThingsWentWrongAsync(simulator);
    }

    private static async Task SwitchOnAsync(HttpClient simulator)
    {
        var rates = Enum.GetValues<FaultKind>().ToDictionary(kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()), _ => Rate);
        using var set = await simulator.PutAsJsonAsync(new Uri("faults", UriKind.Relative), rates, Cancelled);
        set.EnsureSuccessStatusCode();

        // Webhooks are retried and late, and the API is behind, for seconds instead of minutes.
        using var hurried = await simulator.PutAsJsonAsync(new Uri("clock", UriKind.Relative), new { factor = 10 }, Cancelled);
        hurried.EnsureSuccessStatusCode();
    }

    /// <summary>A customer and a link, made on the pages for operators; what the platform did not do is asked for again.</summary>
    private static async Task<string> InviteAsync(Visitor visitor)
    {
        await UntilAsync("a customer", async () =>
        {
            await visitor.GoAsync(OfProject("customers/new"));
            await visitor.Page.GetByLabel("Your own id for the customer").FillAsync("own-1");
            await visitor.Page.GetByLabel("Name, shown to the customer").FillAsync("Customer 1");
            await visitor.PressAsync("Make the customer");
            return await visitor.SeesAsync("New setup link for", "There is no new customer");
        });
        var making = visitor.Page.Url;
        await UntilAsync("a setup link", async () =>
        {
            await visitor.GoAsync(making);
            await visitor.PressAsync("Make the link");
            return await visitor.SeesAsync("The setup link is ready.", "There is no new link");
        });
        return await visitor.Page.GetByLabel("Address of the setup link").InputValueAsync();
    }

    private static string OfProject(string page) => $"/ops/de300000-0000-4000-8000-000000000001/{page}";

    private static async Task UntilAsync(string what, Func<Task<bool>> tried)
    {
        for (var tries = 1; !await tried(); tries++)
        {
            Assert.True(tries < Tries, $"Tried {Tries} times in vain to make {what}.");
            await Task.Delay(TimeSpan.FromSeconds(2), Cancelled);
        }
    }

    private async Task AssertThingsWentWrongAsync(HttpClient simulator)
    {
        var faults = (await simulator.GetFromJsonAsync<JsonElement>(new Uri("faults", UriKind.Relative), Cancelled)).GetProperty("data");
        output.WriteLine(faults.GetProperty("happened").GetRawText());
        Assert.All(faults.GetProperty("rates").EnumerateObject(), rate => Assert.Equal(Rate, rate.Value.GetDouble()));
        Assert.NotEmpty(faults.GetProperty("happened").EnumerateObject());
    }
}
