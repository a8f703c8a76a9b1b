using System.Net;
using Kapso.Tests.Web;
using Kapso.Web.Http;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Pages;

/// <summary>Live streams are few for each state, bounded in all, and end: with the limits that the service has.</summary>
public sealed class LiveStreamLimitTests
{
    [Fact]
    public async Task A_state_has_three_streams_at_a_time()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        var open = new List<LiveStream>();
        for (var i = 0; i < 3; i++)
        {
            open.Add(await LiveStream.OpenAsync(host, state));
            Assert.NotNull(await open[i].NextAsync("the first status of stream " + i));
        }

        using (var refused = await LiveStream.OpenAsync(host, state))
            Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(1)), (refused.Status, refused.RetryAfter));
        using (var ofAnother = await LiveStream.OpenAsync(host, await host.CreateStateAsync()))
            Assert.Equal(HttpStatusCode.OK, ofAnother.Status);

        open[0].Dispose();
        await WebHost.UntilAsync("a stream that ended makes room for another", async () =>
        {
            using var again = await LiveStream.OpenAsync(host, state);
            return again.Status == HttpStatusCode.OK;
        });
        open.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task There_are_a_thousand_streams_in_all()
    {
        await using var host = await WebHost.StartAsync();
        var open = new List<LiveStream>();
        while (open.Count < 1_000)
        {
            var state = await host.CreateStateAsync(customer: $"customer-{open.Count}");
            for (var i = 0; i < 3 && open.Count < 1_000; i++)
            {
                open.Add(await LiveStream.OpenAsync(host, state));
                Assert.Equal(HttpStatusCode.OK, open[^1].Status);
            }
        }

        using var refused = await LiveStream.OpenAsync(host, await host.CreateStateAsync());

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromMinutes(1)), (refused.Status, refused.RetryAfter));
        open.ForEach(stream => stream.Dispose());
    }

    [Theory]
    [InlineData(599, true)]
    [InlineData(600, false)]
    public async Task A_stream_lasts_ten_minutes(int seconds, bool lives)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var host = await WebHost.StartAsync(limits: new WebLimits(), time: time);
        using var stream = await LiveStream.OpenAsync(host, await host.CreateStateAsync());
        Assert.NotNull(await stream.NextAsync("the first status"));

        time.Advance(TimeSpan.FromSeconds(seconds));
        if (lives)
            await host.ConnectAsync();

        var next = await stream.NextAsync(lives ? "the status after the webhook" : "the end of the stream");
        Assert.Equal(lives ? "connected" : null, next?.GetProperty("tone").GetString());
    }
}
