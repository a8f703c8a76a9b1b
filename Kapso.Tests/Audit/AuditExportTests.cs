using System.Net;
using System.Text.Json;
using Kapso.Tests.Operators;
using Kapso.Tests.Web;

namespace Kapso.Tests.Audit;

public sealed class AuditExportTests
{
    private const string Export = "/audit/export";

    [Fact]
    public async Task Json_lines_have_what_the_list_has_and_the_export_itself_is_a_line()
    {
        await using var host = await AuditTests.WithThreeLinesAsync();
        var listed = await AuditTests.LinesAsync(host, "action=customer.change");
        using var response = await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}{Export}?action=customer.change&customer={WebHost.Customer}");
        Assert.Equal("application/jsonl; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment; filename=\"audit.jsonl\"", response.Content.Headers.ContentDisposition?.ToString());
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(listed.Select(line => line.GetRawText()), lines);

        var own = (await AuditTests.LinesAsync(host, "action=audit.export")).Single();
        Assert.Equal(
            ("management key", "jsonl", WebHost.Customer, "done", 200),
            (AuditTests.Text(own, "by"), AuditTests.Text(own, "detail"), AuditTests.Text(own, "customer_id"), AuditTests.Text(own, "outcome"), own.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Csv_is_quoted_as_the_rules_have_it_and_no_cell_is_calculated()
    {
        await using var host = await WebHost.StartAsync();
        string[] customers = ["plain", "=1+1", "+1", "-1", "@a", "a,b", "say \"x\"", "ü"];
        foreach (var customer in customers)
            await host.Engine.AppendAuditAsync(Line(customer), TestContext.Current.CancellationToken);
        using var response = await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}{Export}?format=csv&action=test.act");
        Assert.Equal("text/csv; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var rows = (await response.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal("id,at,action,by,by_kind,project_id,customer_id,target,detail,network,trace_id,outcome,status,count", rows[0]);
        Assert.Equal("", rows[^1]);
        string[] cells = ["plain", "'=1+1", "'+1", "'-1", "'@a", "\"a,b\"", "\"say \"\"x\"\"\"", "ü"];
        Assert.Equal(
            cells.Order(StringComparer.Ordinal),
            rows[1..^1].Select(row => row[(row.IndexOf(WebHost.Project, StringComparison.Ordinal) + WebHost.Project.Length + 1)..row.IndexOf(",,,", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task However_many_lines_there_are_all_are_in_it_once()
    {
        await using var host = await WebHost.StartAsync();
        for (var i = 0; i < 2_500; i++)
            await host.Engine.AppendAuditAsync(Line($"customer-{i}"), TestContext.Current.CancellationToken);
        using var response = await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}{Export}?action=test.act");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2_500, lines.Select(line => JsonElement.Parse(line).GetProperty("customer_id").GetString()).Distinct().Count());
        Assert.Equal(2_500, lines.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_export_that_cannot_be_finished_is_seen_to_be_cut_off(bool signedIn)
    {
        await using var host = await WebHost.StartAsync(server: true, environment: "Development");
        for (var i = 0; i < 1_500; i++)
            await host.Engine.AppendAuditAsync(Line($"customer-{i}"), TestContext.Current.CancellationToken);
        var cookie = signedIn ? await host.GetCookieAsync() : null;
        var pages = 0;
        host.Engine.Before = (method, _) => method == nameof(IConnectionEngine.ListAuditAsync) && ++pages > 1
            ? throw new EngineUnavailableException("The test's engine is down.")
            : Task.CompletedTask;
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using var response = signedIn
                ? await host.OpenAsync($"/ops/{WebHost.Project}{Export}?format=csv", cookie)
                : await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}{Export}?format=csv");
        });
        var own = Assert.Single(await Once(host), line => AuditTests.Text(line, "action") == "audit.export");
        Assert.Equal("unknown", AuditTests.Text(own, "outcome"));
    }

    [Fact]
    public async Task A_form_that_is_none_is_refused_and_the_pages_export_with_the_sign_in()
    {
        await using var host = await AuditTests.WithThreeLinesAsync();
        using var wrong = await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfProject}{Export}?format=xml");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var nobody = await host.OpenAsync($"/ops/{WebHost.Project}{Export}", null);
        Assert.Equal(HttpStatusCode.SeeOther, nobody.StatusCode);
        using var response = await host.OpenAsync($"/ops/{WebHost.Project}{Export}?format=csv&outcome=refused", await host.GetCookieAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(4, (await response.Content.ReadAsStringAsync()).Split("\r\n").Length);
        Assert.Contains(await AuditTests.LinesAsync(host, "action=audit.export"), line => AuditTests.Text(line, "by") == "operator-1");
    }

    private static Task<JsonElement[]> Once(WebHost host)
    {
        host.Engine.Recover();
        return AuditTests.LinesAsync(host);
    }

    private static AuditLine Line(string customer) => new()
    {
        Id = AuditLine.NewId(DateTimeOffset.UtcNow),
        Action = "test.act",
        By = AuditActor.ManagementKey,
        ProjectId = WebHost.Project,
        CustomerId = customer,
        Outcome = AuditOutcome.Done,
    };
}
