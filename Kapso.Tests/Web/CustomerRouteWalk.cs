using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kapso.Tests.Operators;

namespace Kapso.Tests.Web;

/// <summary>Goes to a customer by their routes and pages, by whatever way a client reaches the service.</summary>
internal static class CustomerRouteWalk
{
    public static async Task WalkAsync(WebHost host, HttpClient client, string id)
    {
        using var delivered = await host.SendWebhookAsync(JsonSerializer.Serialize(new
        {
            phone_number_id = WebHost.Number,
            project = new { id = WebHost.Project },
            customer = new { id, external_id = "own " + id },
        }));
        Assert.Equal(200, (int)delivered.StatusCode);

        var path = $"{WebHost.ApiOfProject}/customers/{Segment(id)}";
        var connection = await AskAsync(client, HttpMethod.Get, $"{path}/connection");
        Assert.Equal((id, "connected"), (connection.GetProperty("customer_id").GetString(), connection.GetProperty("status").GetString()));
        Assert.Equal(id, (await AskAsync(client, HttpMethod.Get, $"{path}/connection/")).GetProperty("customer_id").GetString());
        await AskAsync(client, HttpMethod.Post, $"{path}/redirect_urls");
        await AskAsync(client, HttpMethod.Get, $"{path}/setup_links");
        await AskAsync(client, HttpMethod.Patch, path, """{"contact_phone":"+15551234567"}""");
        var known = (await host.Engine.FindAsync(new CustomerKey(WebHost.Project, id), CancellationToken.None))!;
        Assert.Equal(("+15551234567", 1), (known.ContactPhone, known.SetupLinks.Length));
        var rows = await AskAsync(client, HttpMethod.Get, $"{WebHost.ApiOfProject}/connections?external_id={Uri.EscapeDataString("own " + id)}");
        Assert.Equal(id, Assert.Single(rows.GetProperty("items").EnumerateArray()).GetProperty("customer_id").GetString());

        using var page = new HttpRequestMessage(HttpMethod.Get, $"/ops/{WebHost.Project}/customer?id={Uri.EscapeDataString(id)}");
        page.Headers.TryAddWithoutValidation("Cookie", await host.GetCookieAsync());
        using var shown = await client.SendAsync(page, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)shown.StatusCode);
        Assert.Contains(WebHost.Number, await shown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>An id in a path, as docs/operations.md has people write it.</summary>
    public static string Segment(string id) => id is "." or ".." ? "%20" + id : Uri.EscapeDataString(id);

    private static async Task<JsonElement> AskAsync(HttpClient client, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", WebHost.ManagementKey);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path} answered {(int)response.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }
}
