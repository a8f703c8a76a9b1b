using System.Text.Json;

namespace Kapso.Tests.Web;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_names_the_routes_and_which_of_them_need_the_management_key()
    {
        await using var host = await WebHost.StartAsync();

        var document = JsonElement.Parse(await host.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("management_key");
        Assert.Equal(("http", "bearer"), (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()));
        var paths = document.GetProperty("paths");
        const string P = "/api/projects/{project_id}";
        foreach (var (method, path) in new[]
        {
            ("get", P + "/customers/{customer_id}/connection"), ("get", P + "/connections"), ("get", P + "/effects"),
            ("post", P + "/customers/{customer_id}/redirect_urls"), ("post", P + "/customers/{customer_id}/effects/{id}/resend"),
            ("post", P + "/customers/{customer_id}/effects/{id}/settle"), ("get", P + "/parked"), ("get", P + "/parked/{id}"),
            ("post", P + "/parked/{id}/replay"), ("post", P + "/parked/{id}/discard"), ("get", P + "/audit"), ("get", P + "/audit/export"),
        })
        {
            var security = paths.GetProperty(path).GetProperty(method).GetProperty("security");
            Assert.True(security[0].TryGetProperty("management_key", out _), path);
        }

        var activity = document.GetProperty("components").GetProperty("schemas").GetProperty("ActivityView").GetProperty("properties");
        Assert.True(activity.TryGetProperty("turned_away", out _) && activity.TryGetProperty("last_webhook", out _));
        Assert.Equal(
            ["project_id", "action", "by", "customer", "from", "until", "outcome", "cursor", "limit"],
            paths.GetProperty(P + "/audit").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        foreach (var (method, path) in new[] { ("post", "/webhooks/project/{project_id}"), ("post", "/webhooks/project"), ("get", "/health") })
            Assert.False(paths.GetProperty(path).GetProperty(method).TryGetProperty("security", out _), path);
    }
}
