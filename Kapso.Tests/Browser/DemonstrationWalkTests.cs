using Kapso.Tests.Hosting;

namespace Kapso.Tests.Browser;

/// <summary>What a newcomer does with a development run that has no settings: from the sign-in to the connected page.</summary>
[Long]
[Collection(RunsAlone.Name)]
public sealed class DemonstrationWalkTests
{
    [BrowserFact]
    public async Task A_newcomer_makes_a_customer_and_a_link_plays_it_and_sees_the_page_turn_to_connected()
    {
        using var folder = new TemporaryFolder();
        var address = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}");
        await using var host = HostProcess.Start(folder.Path, "Development", ("ASPNETCORE_URLS", address.GetLeftPart(UriPartial.Authority)));
        var console = await host.ShownAsync("Play a setup link");
        var key = ManagementKeyOf(console);
        await using var visitor = await Visitor.OpenAsync(address);

        await visitor.GoAsync("/");
        await visitor.SeeAsync("Management key");
        var (link, operatorsPage) = await SetupLinkWalk.MakeLinkAsync(visitor, key);

        // The page is there before the webhook, and before the API knows.
        using var simulator = new HttpClient { BaseAddress = new Uri(address, "/simulator/api/") };
        foreach (var fault in (string[])["redirect_first", "lagging_api"])
        {
            (await simulator.PostAsync(new Uri($"faults/{fault}", UriKind.Relative), null, TestContext.Current.CancellationToken))
                .EnsureSuccessStatusCode();
        }

        await SetupLinkWalk.ConnectAsync(visitor, link);
        await visitor.SeeAsync("Thank you, almost done");
        await visitor.SeeAsync("WhatsApp is connected");
        await SetupLinkWalk.SeeWelcomeAsync(visitor, operatorsPage);
        Assert.Contains("Welcome, customer", host.Output, StringComparison.Ordinal);
        visitor.AssertNoComplaints();
    }

    /// <summary>The key that the console shows.</summary>
    internal static string ManagementKeyOf(string console)
    {
        const string Label = "management key   ";
        return console[(console.IndexOf(Label, StringComparison.Ordinal) + Label.Length)..].Split('\n')[0];
    }
}
