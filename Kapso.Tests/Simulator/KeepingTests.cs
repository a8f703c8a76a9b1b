using Kapso.Simulator;
using Kapso.Simulator.World;

namespace Kapso.Tests.Simulator;

/// <summary>The simulated platform's state outlives its process, where that is asked for.</summary>
public sealed class KeepingTests
{
    [Fact]
    public async Task A_restart_goes_on_with_the_same_world_and_makes_no_id_twice()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "world", "simulator.json");
        string customer, link;
        PhoneNumber number;
        await using (var first = await StartAsync(file))
        {
            (customer, var made) = await first.InviteAsync();
            link = made.Id;
            number = first.Platform.Connect(link)!.Number!;
            first.Platform.Clock.Advance(TimeSpan.FromDays(2));
            first.Platform.ConnectDirectly(customer);
            await first.StopAsync();
        }

        await using var second = await StartAsync(file, seed: 2);

        Assert.Equal(customer, Assert.Single(second.Platform.Customers()).Id);
        Assert.Equal(Kapso.Simulator.World.SetupLink.Used, second.Platform.FindSetupLink(link)!.StatusAt(second.Platform.Clock.UtcNow));
        Assert.Equal(3, second.Platform.VisibleNumbers().Count); // and the company's own
        Assert.Equal(number, second.Platform.Numbers().Single(known => known.Id == number.Id));
        var another = second.Platform.ConnectDirectly(customer)!;
        Assert.Equal(4, second.Platform.VisibleNumbers().Select(known => known.Id).Append(another.Id).Distinct().Count());
        Assert.Single(second.Platform.VisibleNumbers(), known => known.CustomerId is null);
    }

    [Fact]
    public async Task The_webhook_of_the_settings_follows_them()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "simulator.json");
        await using (var first = await StartAsync(file, webhook: "http://127.0.0.1:9/first"))
            await first.StopAsync();

        await using var second = await StartAsync(file, webhook: "http://127.0.0.1:9/second");

        Assert.Equal("/second", Assert.Single(second.Platform.Webhooks()).Url.AbsolutePath);
    }

    [Fact]
    public async Task A_file_of_something_else_is_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "simulator.json");
        await File.WriteAllTextAsync(file, "notes of mine", TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(file));

        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("notes of mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_sample_is_shown_to_whoever_asks_for_it_and_left_out_of_lists()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            options => options.Sample = new SampleNumber { CustomerId = "sample-customer", PhoneNumberId = "1000" });
        await simulator.ControlAsync(HttpMethod.Post, "api/samples", """{"customer_id":"other-customer","phone_number_id":"2000"}""");

        Assert.Equal("sample-customer", Assert.Single(simulator.Platform.VisibleNumbers(phoneNumberId: "1000")).CustomerId);
        Assert.Equal("other-customer", Assert.Single(simulator.Platform.VisibleNumbers("other-customer", "2000")).CustomerId);
        Assert.Null(Assert.Single(simulator.Platform.VisibleNumbers()).CustomerId);
        Assert.Empty(simulator.Platform.VisibleNumbers("sample-customer"));
    }

    private static Task<SimulatorHost> StartAsync(string file, int seed = 1, string? webhook = null) => SimulatorHost.StartAsync(options =>
    {
        options.StatePath = file;
        options.Seed = seed;
        options.WebhookUrl = webhook is null ? null : new Uri(webhook);
    });
}
