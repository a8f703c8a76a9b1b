using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Kapso.Platform.Settings;
using Kapso.Tests.Web;
using Kapso.Web.Http;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.TurnedAway;

/// <summary>A host whose minutes a test turns, whose requests come from where it says, and whose lines it reads.</summary>
internal sealed class TurnedAwayStage : IAsyncDisposable
{
    private TurnedAwayStage(WebHost host, FakeTimeProvider time, Kept lines) => (Host, Time, Lines) = (host, time, lines);

    public WebHost Host { get; }

    public FakeTimeProvider Time { get; }

    public Kept Lines { get; }

    public static async Task<TurnedAwayStage> OpenAsync(Action<KapsoOptions>? options = null, WebLimits? limits = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var lines = new Kept();
        var host = await WebHost.StartAsync(options, limits, time, host: builder =>
        {
            AddressFromHeader.AddTo(builder);
            builder.Logging.AddProvider(lines);
        });
        return new TurnedAwayStage(host, time, lines);
    }

    /// <summary>Sends a webhook; returns the answer's status.</summary>
    public async Task<HttpStatusCode> DeliverAsync(string? signature, string from = "203.0.113.1", string? path = null)
    {
        var body = Encoding.UTF8.GetBytes(WebHost.FlatBody());
        using var request = new HttpRequestMessage(HttpMethod.Post, path ?? WebHost.WebhookPath) { Content = new ByteArrayContent(body) };
        request.Headers.Add(AddressFromHeader.Name, from);
        request.Headers.Add("X-Webhook-Event", WebHost.Created);
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("X-Webhook-Signature", signature.Length == 0 ? WebHost.Sign(body) : signature);
        using var response = await Host.Client.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Opens a page from an address, with headers.</summary>
    public async Task<HttpStatusCode> OpenAsync(string path, string from = "203.0.113.1", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(AddressFromHeader.Name, from);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Host.Client.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Lets a minute pass, and waits until so many kinds are told by the management API.</summary>
    public async Task<JsonElement[]> TellAsync(int kinds = 1, Func<JsonElement[], bool>? until = null)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        JsonElement[] turned = [];
        await WebHost.UntilAsync($"{kinds} kinds are told", async () =>
        {
            turned = [.. (await Host.ReadAsync($"{WebHost.ApiOfProject}/activity")).GetProperty("turned_away").EnumerateArray()];
            return turned.Length >= kinds && until?.Invoke(turned) != false;
        });
        return turned;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    internal sealed class Kept : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _warnings = [];

        public IReadOnlyList<string> Warnings => [.. _warnings];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                _warnings.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
