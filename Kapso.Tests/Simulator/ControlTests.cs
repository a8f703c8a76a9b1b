using System.Text;

namespace Kapso.Tests.Simulator;

/// <summary>What scripts and soak tests do.</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task A_customer_is_played_without_a_browser_and_the_truth_tells_all()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, link) = await host.InviteAsync();

        var failed = await host.ControlAsync(HttpMethod.Post, $"api/setup_links/{link.Id}/fail", """{"error_code":"waba_limit_reached"}""");
        var connected = await host.ControlAsync(HttpMethod.Post, $"api/setup_links/{link.Id}/connect");
        var number = connected.GetProperty("data").GetProperty("phone_number_id").GetString();
        await host.ControlAsync(HttpMethod.Post, $"api/customers/{customer}/numbers");
        await host.ControlAsync(HttpMethod.Post, $"api/numbers/{number}/offboard");
        var truth = await host.ControlAsync(HttpMethod.Get, "truth");

        Assert.EndsWith("error_code=waba_limit_reached", failed.GetProperty("data").GetProperty("redirect_url").GetString(), StringComparison.Ordinal);
        Assert.Contains("phone_number_id=" + number, connected.GetProperty("data").GetProperty("redirect_url").GetString(), StringComparison.Ordinal);
        var row = Assert.Single(truth.GetProperty("customers").EnumerateArray());
        Assert.Equal(customer, row.GetProperty("id").GetString());
        Assert.Equal([true, false], row.GetProperty("numbers").EnumerateArray().Select(one => one.GetProperty("connected").GetBoolean()));
        Assert.Equal("used", Assert.Single(row.GetProperty("setup_links").EnumerateArray()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_happens_to_an_account_is_played_by_its_numbers()
    {
        await using var host = await SimulatorHost.StartAsync();
        var (customer, _) = await host.InviteAsync();
        var number = (await host.ControlAsync(HttpMethod.Post, $"api/customers/{customer}/numbers")).GetProperty("data").GetProperty("phone_number_id").GetString();

        var told = await host.ControlAsync(
            HttpMethod.Post, "api/accounts/restrict_account", $$"""{"phone_number_ids":["{{number}}"],"expires_at":"2026-03-02T12:00:00Z"}""");

        Assert.Equal(number, Assert.Single(told.GetProperty("data").EnumerateArray()).GetProperty("phone_number_id").GetString());
    }

    [Fact]
    public async Task The_clock_is_put_forward_and_sped_up()
    {
        await using var host = await SimulatorHost.StartAsync();

        var clock = await host.ControlAsync(HttpMethod.Put, "api/clock", """{"factor":30,"advance_seconds":3600}""");

        Assert.Equal("2026-03-01T13:00:00.000Z", clock.GetProperty("data").GetProperty("now").GetString());
        Assert.Equal(30, clock.GetProperty("data").GetProperty("factor").GetDouble());
    }

    [Fact]
    public async Task Faults_are_set_and_read()
    {
        await using var host = await SimulatorHost.StartAsync();

        await host.ControlAsync(HttpMethod.Post, "api/faults/drop_redirect?times=2");
        var faults = await host.ControlAsync(HttpMethod.Get, "api/faults");
        Assert.Equal(2, faults.GetProperty("data").GetProperty("next").GetProperty("drop_redirect").GetInt32());
        var set = await host.ControlAsync(HttpMethod.Put, "api/faults", """{"delay":0.25}""");

        Assert.Equal(0.25, set.GetProperty("data").GetProperty("rates").GetProperty("delay").GetDouble());
        Assert.Equal(0, set.GetProperty("data").GetProperty("rates").GetProperty("duplicate").GetDouble());
        Assert.Empty(set.GetProperty("data").GetProperty("next").EnumerateObject());
    }

    [Theory]
    [InlineData("PUT", "api/faults", """{"nonsense":1}""", 400)]
    [InlineData("PUT", "api/faults", """{"delay":2}""", 400)]
    [InlineData("PUT", "api/faults", "[", 400)]
    [InlineData("PUT", "api/clock", """{"factor":0}""", 400)]
    [InlineData("POST", "api/accounts/nonsense", "{}", 404)]
    [InlineData("POST", "api/accounts/disable_account", """{"phone_number_ids":[]}""", 400)]
    [InlineData("POST", "api/accounts/disable_account", """{"phone_number_ids":["nobodys"]}""", 404)]
    [InlineData("PUT", "api/clock", """{"advance_seconds":-1}""", 400)]
    [InlineData("POST", "api/setup_links/nothing/connect", "{}", 409)]
    [InlineData("POST", "api/numbers/nothing/delete", "{}", 409)]
    [InlineData("POST", "api/numbers/nothing/melt", "{}", 404)]
    [InlineData("POST", "api/messages/refuse", """{"status":200}""", 400)]
    public async Task What_makes_no_sense_is_refused_with_what_was_expected(string method, string path, string body, int status)
    {
        await using var host = await SimulatorHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{host.BaseUrl}{path}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };

        using var response = await host.Browser.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains("\"error\":", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
