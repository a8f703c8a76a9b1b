using System.Text.Json;

namespace Kapso.Tests.Web;

/// <summary>What customers are called, on the surface of the company and its operators.</summary>
public sealed class CustomerNameTests
{
    private const string Body =
        $$"""
        {"phone_number_id":"{{WebHost.Number}}","display_phone_number":"+55 64 99876-0001","project":{"id":"{{WebHost.Project}}"},
         "customer":{"id":"{{WebHost.Customer}}","external_id":"Own/1","name":"Maria \u202ESilva"} }
        """;

    [Fact]
    public async Task A_webhooks_names_are_in_the_connection_and_in_rows()
    {
        await using var host = await WebHost.StartAsync();
        (await host.SendWebhookAsync(Body)).Dispose();

        var connection = await host.ReadAsync(WebHost.ApiOfCustomer + "/connection");
        Assert.Equal(("Own/1", "Maria Silva"), (connection.GetProperty("external_id").GetString(), connection.GetProperty("name").GetString()));
        var number = Assert.Single(connection.GetProperty("numbers").EnumerateArray());
        Assert.Equal("+55 64 99876-0001", number.GetProperty("display_phone_number").GetString());
        Assert.Equal(JsonValueKind.Null, number.GetProperty("verified_name").ValueKind);

        foreach (var query in (string[])["", "?external_id=Own%2F1", "?query=maria", "?query=own%2F", "?query=%2B55%2064%2099876-0001", "?query=5564998760001", "?query=" + WebHost.Number, "?query=880E8400"])
        {
            var row = Assert.Single((await host.ReadAsync($"{WebHost.ApiOfProject}/connections{query}")).GetProperty("items").EnumerateArray());
            Assert.Equal("customer_id external_id name tags status phone_number_ids display_phone_numbers updated_at", string.Join(' ', row.EnumerateObject().Select(member => member.Name)));
            Assert.Equal(("Own/1", "Maria Silva"), (row.GetProperty("external_id").GetString(), row.GetProperty("name").GetString()));
            Assert.Equal("+55 64 99876-0001", Assert.Single(row.GetProperty("display_phone_numbers").EnumerateArray()).GetString());
        }

        foreach (var query in (string[])["?external_id=own%2F1", "?external_id=Own", "?query=ilva"])
            Assert.Empty((await host.ReadAsync($"{WebHost.ApiOfProject}/connections{query}")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("?external_id=")]
    [InlineData("?external_id=%0A")]
    [InlineData("?external_id=a&query=b")]
    public async Task A_bad_own_id_gets_400_and_what_was_expected(string query)
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}/connections{query}");
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("external_id", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_see_names_beside_ids_and_nothing_turns_the_page_around_them()
    {
        await using var host = await WebHost.StartAsync();
        (await host.SendWebhookAsync(Body)).Dispose();
        var cookie = await Operators.OperatorClient.GetCookieAsync(host);

        foreach (var page in (string[])["customers", "customers?query=maria", $"customer?id={WebHost.Customer}"])
        {
            using var response = await Operators.OperatorClient.OpenAsync(host, $"/ops/{WebHost.Project}/{page}", cookie);
            var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains("<bdi class=\"id\">Maria Silva</bdi>", html, StringComparison.Ordinal);
            Assert.Contains("<bdi>Own/1</bdi>", html, StringComparison.Ordinal);
            Assert.Contains(WebHost.Customer, html, StringComparison.Ordinal);
            Assert.Contains("64 99876-0001", html, StringComparison.Ordinal);
            Assert.DoesNotContain('\u202E', html);
        }
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a:b")]
    [InlineData("100% sure?")]
    [InlineData("https://example.org/1#x")]
    [InlineData("a//b/")]
    [InlineData("شركة +1")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("%2e%2E")]
    [InlineData("../../../../..")]
    [InlineData("a b\\;c+d\u00e9\U0001F600")]
    public async Task A_customers_routes_are_reached_whatever_the_id_holds(string id)
    {
        await using var host = await WebHost.StartAsync(server: true);
        await CustomerRouteWalk.WalkAsync(host, host.Client, id);
    }

    [Fact]
    public async Task Two_ids_of_which_one_is_the_other_encoded_are_two_customers()
    {
        await using var host = await WebHost.StartAsync(server: true);
        foreach (var (id, number) in new[] { ("a/b", "71"), ("a%2Fb", "72"), ("a%252Fb", "73") })
        {
            (await host.SendWebhookAsync(WebHost.FlatBody(number, id), key: number)).Dispose();
            var connection = await host.ReadAsync($"{WebHost.ApiOfProject}/customers/{Uri.EscapeDataString(id)}/connection");
            Assert.Equal(id, connection.GetProperty("customer_id").GetString());
            Assert.Equal(number, connection.GetProperty("numbers")[0].GetProperty("phone_number_id").GetString());
        }
    }
}
