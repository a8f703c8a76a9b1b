using Kapso.Tests.Web;

namespace Kapso.Tests.Operators;

public sealed class TraceLinkTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task A_trace_id_leads_to_the_page_of_its_trace()
    {
        var page = await ReadTimelineAsync("https://traces.example.com/detail/{trace_id}?view=all");
        Assert.Contains($"href=\"https://traces.example.com/detail/{TraceId}?view=all\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_page_shows_traces_it_leads_nowhere()
    {
        var page = await ReadTimelineAsync(null);
        Assert.Contains($">{TraceId}</code>", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"/{TraceId}", page, StringComparison.Ordinal);
    }

    private static async Task<string> ReadTimelineAsync(string? url)
    {
        await using var host = await WebHost.StartAsync(options => options.Operators.TraceUrl = url);
        host.Client.DefaultRequestHeaders.Add("traceparent", $"00-{TraceId}-b7ad6b7169203331-01");
        await host.ConnectAsync();
        using var page = await host.OpenAsync($"/ops/{WebHost.Project}/customer?id={WebHost.Customer}", await host.GetCookieAsync());
        return await page.Content.ReadAsStringAsync();
    }
}
