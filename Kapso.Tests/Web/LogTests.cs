using System.Collections.Concurrent;

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

        Assert.Contains(logs.Lines, line => line.Contains("failed: link_expired", StringComparison.Ordinal));
        foreach (var secret in (string[])[WebHost.Secret, WebHost.ManagementKey, state])
            Assert.DoesNotContain(logs.Lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
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
