using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kapso.Platform.Api;
using Kapso.Simulator;
using Kapso.Simulator.Faults;
using Kapso.Simulator.World;
using Kapso.Testing.Processes;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Testing.Simulator;

/// <summary>
/// The simulator behind a real server on a free loopback port; its time stands still unless it is put forward, or another
/// clock is given.
/// </summary>
internal sealed class SimulatorHost : IAsyncDisposable
{
    public const string Key = "simulated-api-key-0123456789";
    public const string Secret = "synthetic-webhook-secret";
    public const string State = "0123456789abcdef0123456789abcdef";

    private readonly WebApplication _app;
    private readonly List<Client> _clients = [];

    private SimulatorHost(WebApplication app, string prefix)
    {
        _app = app;
        BaseUrl = new Uri(app.AddressOfServer() + prefix);
        Browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    }

    public Uri BaseUrl { get; }

    /// <summary>Follows no redirects.</summary>
    public HttpClient Browser { get; }

    public SimulatedPlatform Platform => _app.Services.GetRequiredService<SimulatedPlatform>();

    /// <summary>The project's client, with short waits.</summary>
    public PlatformClient Api => Connect();

    public static async Task<SimulatorHost> StartAsync(
        Action<SimulatorOptions>? configure = null, string prefix = "", string environment = "Development", TimeProvider? time = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(time ?? new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)));
        builder.Services.AddKapsoSimulator(options =>
        {
            options.ApiKey = Key;
            options.WebhookSecret = Secret;
            options.Seed = 1;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapKapsoSimulator(prefix);
        await app.StartAsync();
        return new SimulatorHost(app, prefix);
    }

    public PlatformClient Connect(PlatformTimings? timings = null, string key = Key, TimeProvider? time = null)
    {
        var client = new Client(BaseUrl, timings, time: time, key: key);
        _clients.Add(client);
        return client.Api;
    }

    /// <summary>
    /// Makes a call that the platform accepts, with a fault behind it. Where the platform then keeps silent, the client's time
    /// is put forward, and not before: an attempt does not run out on its way, however busy the machine is.
    /// </summary>
    public async Task<T> CallAsync<T>(string fault, Func<PlatformClient, Task<T>> call)
    {
        var kind = Enum.Parse<FaultKind>(fault);
        var time = new FakeTimeProvider();
        Platform.Dice.Force(kind, 1);
        var calling = call(Connect(time: time));
        if (kind == FaultKind.TimeoutAfterAccepting)
        {
            await Wait.ForAsync(() => Platform.Dice.Plan.Next[kind] == 0, "the platform to accept the call");
            time.Advance(Client.Quick.Attempt);
        }

        return await Wait.For(calling, "the call's end");
    }

    /// <summary>A customer and a link of theirs, made through the API.</summary>
    public async Task<(string CustomerId, PlatformSetupLink Link)> InviteAsync(string name = "Customer 1", Uri? back = null)
    {
        var customer = await Api.CreateCustomerAsync(name, null, CancellationToken.None);
        Assert.True(customer.IsDone, customer.Error);
        back ??= new Uri("https://us.example");
        var link = await Api.CreateSetupLinkAsync(
            customer.Value.Id,
            new SetupLinkRequest
            {
                SuccessRedirectUrl = new($"{back.GetLeftPart(UriPartial.Authority)}/whatsapp/success/{State}"),
                FailureRedirectUrl = new($"{back.GetLeftPart(UriPartial.Authority)}/whatsapp/failed/{State}"),
            },
            CancellationToken.None);
        Assert.True(link.IsDone, link.Error);
        return (customer.Value.Id, link.Value);
    }

    /// <summary>Asks the API for scripts; its JSON.</summary>
    public async Task<JsonElement> ControlAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{BaseUrl.AbsoluteUri.TrimEnd('/')}/{path}");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Browser.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>A page as a browser sees it.</summary>
    public Task<HttpResponseMessage> OpenAsync(string url) =>
        Browser.GetAsync(new Uri(url.StartsWith("http", StringComparison.Ordinal) ? url : $"{BaseUrl.AbsoluteUri.TrimEnd('/')}/{url}"));

    /// <summary>Posts a form as a browser does from a page of the simulator's, or of another origin.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string url, string? origin = null, params (string Name, string Value)[] fields)
    {
        var target = new Uri(url.StartsWith("http", StringComparison.Ordinal) ? url : $"{BaseUrl.AbsoluteUri.TrimEnd('/')}/{url}");
        using var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.TryAddWithoutValidation("Origin", origin ?? target.GetLeftPart(UriPartial.Authority));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return await Browser.SendAsync(request);
    }

    /// <summary>Stops it as a host that is told to stop does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        foreach (var client in _clients)
            client.Dispose();
        await _app.DisposeAsync();
    }
}
