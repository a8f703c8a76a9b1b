using System.Net.Http.Headers;
using System.Text.Json;
using Kapso.Tests.Operators;
using Kapso.Tests.TurnedAway;
using Kapso.Tests.Web;

namespace Kapso.Tests.Audit;

/// <summary>Requests that are refused for their key are counted by minute and network.</summary>
public sealed class RefusedKeyTests
{
    [Fact]
    public async Task Wrong_keys_are_one_line_a_minute_network_and_kind()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        for (var i = 0; i < 15; i++)
            await AskAsync(stage.Host, $"203.0.113.{i % 2}", "wrong");
        await AskAsync(stage.Host, "198.51.100.1", "wrong");
        await AskAsync(stage.Host, "198.51.100.1", null);
        using (await SignInAsync(stage.Host, "203.0.113.9"))
            Assert.Empty(await AuditTests.LinesAsync(stage.Host));

        await stage.Time.WaitAsync(stage.Host, 3);
        var lines = await AuditTests.LinesAsync(stage.Host);
        Assert.Equal(
            [("key.refused", "198.51.100.0/24", 1), ("key.refused", "203.0.113.0/24", 15), ("sign_in.refused", "203.0.113.0/24", 1)],
            lines.Select(line => (AuditTests.Text(line, "action"), AuditTests.Text(line, "network"), line.GetProperty("count").GetInt32())).Order());
        Assert.All(lines, line => Assert.Equal(
            ("unknown", "unknown", "refused", "2026-03-01T12:00:00Z", JsonValueKind.Null),
            (AuditTests.Text(line, "by"), AuditTests.Text(line, "by_kind"), AuditTests.Text(line, "outcome"), AuditTests.Text(line, "at"), line.GetProperty("project_id").ValueKind)));
    }

    [Fact]
    public async Task What_comes_from_many_networks_in_a_minute_is_counted_whole()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        for (var i = 0; i < 25; i++)
            await AskAsync(stage.Host, $"10.0.{i}.1", "wrong");
        await stage.Time.WaitAsync(stage.Host, 11);
        var lines = await AuditTests.LinesAsync(stage.Host);
        Assert.Equal(15, lines.Single(line => AuditTests.Text(line, "network") == "other networks").GetProperty("count").GetInt32());
        Assert.Equal(25, lines.Sum(line => line.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task What_the_engine_does_not_take_is_written_later_and_once()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        await AskAsync(stage.Host, "203.0.113.1", "wrong");
        var asked = 0;
        stage.Host.Engine.Before = (method, _) =>
        {
            if (method == nameof(IConnectionEngine.AppendAuditAsync) && ++asked < 3)
                throw new EngineUnavailableException("The test's engine is down.");
            return Task.CompletedTask;
        };
        await stage.Time.WaitAsync(stage.Host, 1);
        Assert.Equal(1, Assert.Single(await AuditTests.LinesAsync(stage.Host)).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_process_that_stops_writes_what_is_left()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        await AskAsync(stage.Host, "203.0.113.1", "wrong");
        await stage.Host.StopAsync();
        var page = await stage.Host.Engine.ListAuditAsync(new AuditQuery(WebHost.Project, null, 10), TestContext.Current.CancellationToken);
        Assert.Equal(1, Assert.Single(page.Items).Count);
    }

    private static async Task AskAsync(WebHost host, string from, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{WebHost.ApiOfProject}/connections");
        request.Headers.Add(AddressFromHeader.Name, from);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await host.Client.SendAsync(request);
        Assert.False(response.IsSuccessStatusCode);
    }

    private static async Task<HttpResponseMessage> SignInAsync(WebHost host, string from)
    {
        host.Client.DefaultRequestHeaders.Add(AddressFromHeader.Name, from);
        var response = await host.SignInAsync("wrong");
        host.Client.DefaultRequestHeaders.Remove(AddressFromHeader.Name);
        return response;
    }
}

file static class Minutes
{
    /// <summary>Lets minutes pass until the audit has so many lines.</summary>
    public static Task WaitAsync(this Microsoft.Extensions.Time.Testing.FakeTimeProvider time, WebHost host, int lines) =>
        WebHost.UntilAsync($"the audit has {lines} lines", async () =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return (await AuditTests.LinesAsync(host)).Length >= lines;
        });
}
