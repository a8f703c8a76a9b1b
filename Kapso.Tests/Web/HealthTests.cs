using System.Net;

namespace Kapso.Tests.Web;

public sealed class HealthTests
{
    [Fact]
    public async Task A_process_that_can_make_deliveries_durable_is_ready_and_alive()
    {
        await using var host = await WebHost.StartAsync();

        Assert.Equal((HttpStatusCode.OK, """{"status":"ready"}"""), await AskAsync(host, "/health"));
        Assert.Equal((HttpStatusCode.OK, """{"status":"alive"}"""), await AskAsync(host, "/alive"));
    }

    [Fact]
    public async Task One_whose_engine_is_down_is_alive_and_not_ready_and_says_no_more()
    {
        await using var host = await WebHost.StartAsync();
        host.Engine.Fail();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"not_ready"}"""), await AskAsync(host, "/health"));
        Assert.Equal((HttpStatusCode.OK, """{"status":"alive"}"""), await AskAsync(host, "/alive"));
    }

    [Fact]
    public async Task One_that_is_told_to_stop_is_not_ready_while_it_still_serves()
    {
        // Stopping waits for the test, as a process that drains waits for those who ask.
        var served = new TaskCompletionSource();
        await using var host = await WebHost.StartAsync(host: builder => builder.Services.AddSingleton<IHostedService>(new WaitsAtTheStop(served.Task)));
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

        lifetime.StopApplication();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"not_ready"}"""), await AskAsync(host, "/health"));
        Assert.Equal((HttpStatusCode.OK, """{"status":"alive"}"""), await AskAsync(host, "/alive"));
        served.SetResult();
    }

    private static async Task<(HttpStatusCode, string)> AskAsync(WebHost host, string path)
    {
        using var answer = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private sealed class WaitsAtTheStop(Task served) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => served;
    }
}
