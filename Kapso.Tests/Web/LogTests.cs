using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Kapso.Tests.Web;

public sealed class LogTests
{
    [Fact]
    public async Task Logs_at_trace_level_with_scopes_hold_no_secret_no_state_and_no_management_key()
    {
        using var logs = new Everything();
        await using var host = await WebHost.StartAsync(host: builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
            builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Trace);
        });
        using var created = await host.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfCustomer}/redirect_urls");
        var urls = System.Text.Json.JsonElement.Parse(await created.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var state = urls.GetProperty("success_redirect_url").GetString()!.Split('/')[^1];

        foreach (var path in (string[])["failed", "success", "nothing"])
            (await host.Client.GetAsync($"/whatsapp/{path}/{state}?error_code=link_expired", TestContext.Current.CancellationToken)).Dispose();
        (await host.SendWebhookAsync(WebHost.FlatBody())).Dispose();
        (await host.SendWebhookAsync("{", path: "/webhooks/project")).Dispose();
        host.Engine.Fail();
        (await host.Client.GetAsync($"/whatsapp/success/{state}", TestContext.Current.CancellationToken)).Dispose();
        (await host.SendWebhookAsync(WebHost.FlatBody())).Dispose();
        (await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfCustomer}/connection")).Dispose();

        Assert.Contains(logs.Lines, line => line.Contains(": link_expired", StringComparison.Ordinal));
        foreach (var secret in (string[])[WebHost.Secret, WebHost.ManagementKey, state])
            Assert.DoesNotContain(logs.Lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_body_that_never_comes_leaves_no_error_in_the_log()
    {
        using var logs = new Everything();
        await using (var host = await WebHost.StartAsync(
            limits: WebHost.Patient with { BodyTimeout = TimeSpan.FromMilliseconds(50) }, server: true, host: builder => builder.Logging.AddProvider(logs)))
        {
            using var sender = new TcpClient();
            await sender.ConnectAsync(host.Client.BaseAddress!.Host, host.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
            var head = $"POST {WebHost.WebhookPath} HTTP/1.1\r\nHost: x\r\nX-Webhook-Signature: {new string('a', 64)}\r\nContent-Length: 100\r\n\r\nabc";
            await sender.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(sender.GetStream());
            Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        }

        Assert.DoesNotContain(logs.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    /// <summary>Keeps every line, every scope and every field of both.</summary>
    private sealed class Everything : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            Lines.Enqueue(Text(state));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {Text(state)} {exception}");

        public void Dispose()
        {
        }

        private static string Text(object? state) =>
            state is IEnumerable<KeyValuePair<string, object?>> fields ? $"{state} {string.Join(' ', fields)}" : $"{state}";
    }
}
