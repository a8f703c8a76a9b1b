using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kapso.Platform.Settings;
using Kapso.ServiceDefaults;
using Kapso.Tests.Engines.Memory;
using Kapso.Tests.Operators;
using Kapso.Web;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Options;

namespace Kapso.Tests.Web;

/// <summary>The web layer on an in-memory engine, in process or behind a real server.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    public const string Project = "990e8400-e29b-41d4-a716-446655440004";
    public const string Customer = "880e8400-e29b-41d4-a716-446655440003";
    public const string Number = "123456789012345";
    public const string Secret = "synthetic-webhook-secret";
    public const string ManagementKey = "management-key-of-the-tests";
    public const string Created = "whatsapp.phone_number.created";

    /// <summary>A host that browsers may be sent to.</summary>
    public const string AllowedHost = "app.example.com";

    /// <summary>
    /// Nothing is given up and nothing comes by itself while a test runs, however busy the machine is. Tests of the limits
    /// set their own, or drive the clock.
    /// </summary>
    public static readonly WebLimits Patient = new()
    {
        BodyTimeout = TimeSpan.FromMinutes(5),
        EngineTimeout = TimeSpan.FromMinutes(5),
        ParkTimeout = TimeSpan.FromMinutes(5),
        RedirectTimeout = TimeSpan.FromMinutes(5),
        ReplayInterval = TimeSpan.FromHours(1),
        ReplayRetry = TimeSpan.FromHours(1),
    };

    private readonly WebApplication _app;
    private readonly MemoryEngine _memory;

    private WebHost(WebApplication app, MemoryEngine memory, FaultyEngine engine, HttpClient client)
    {
        _app = app;
        _memory = memory;
        Engine = engine;
        Client = client;
    }

    public FaultyEngine Engine { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static CustomerKey Key { get; } = new(Project, Customer);

    public static string ApiOfCustomer => $"{ApiOfProject}/customers/{Customer}";

    public static string ApiOfProject => $"/api/projects/{Project}";

    public static string WebhookPath => $"/webhooks/project/{Project}";

    public static string FlatBody(string number = Number, string? customer = Customer) => customer is null
        ? $$$"""{"phone_number_id":"{{{number}}}","project":{"id":"{{{Project}}}"}}"""
        : $$$"""{"phone_number_id":"{{{number}}}","project":{"id":"{{{Project}}}"},"customer":{"id":"{{{customer}}}"}}""";

    public static string Sign(ReadOnlySpan<byte> body, string secret = Secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public static async Task<WebHost> StartAsync(
        Action<KapsoOptions>? options = null,
        WebLimits? limits = null,
        TimeProvider? time = null,
        bool server = false,
        string environment = "Production",
        Action<WebApplicationBuilder>? host = null,
        IEffectRunner? runner = null,
        Action<WebApplication>? map = null,
        ConnectionPolicy? policy = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        if (server)
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        else
            builder.WebHost.UseTestServer();

        var settings = new KapsoOptions
        {
            PublicUrl = new Uri("https://connect.example.com"),
            Management = { ApiKey = ManagementKey },
        };
        var project = new ProjectOptions { Id = Project, Name = "Example" };
        project.WebhookSecrets.Add(Secret);
        settings.Projects.Add(project);
        settings.Pages.AllowedHosts.Add(AllowedHost);
        options?.Invoke(settings);
        builder.Services.AddSingleton(Options.Create(settings));

        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(limits ?? Patient);
        var memory = new MemoryEngine(new MemoryEngineOptions
        {
            Time = time ?? TimeProvider.System,
            Runners = runner is null ? [] : [runner],
            Policy = _ => policy ?? new ConnectionPolicy(),
        });
        var engine = new FaultyEngine(memory);
        builder.Services.AddSingleton<IConnectionEngine>(engine);
        new SharedSignOuts().AddTo(builder);
        builder.AddKapsoWeb();
        builder.AddDefaultHealthChecks();
        host?.Invoke(builder);

        var app = builder.Build();
        app.MapKapso();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        await app.StartAsync();
        return new WebHost(app, memory, engine, Connect(app, server));
    }

    public Task<HttpResponseMessage> SendWebhookAsync(
        string body, string? @event = Created, string? key = "key-1", string? path = null) =>
        SendWebhookAsync(Encoding.UTF8.GetBytes(body), @event, key, path);

    public async Task<HttpResponseMessage> SendWebhookAsync(
        byte[] body,
        string? @event = Created,
        string? key = "key-1",
        string? path = null,
        string? signature = null,
        bool batch = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path ?? WebhookPath) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("X-Webhook-Signature", signature ?? Sign(body));
        if (@event is not null)
            request.Headers.TryAddWithoutValidation("X-Webhook-Event", @event);
        if (key is not null)
            request.Headers.TryAddWithoutValidation("X-Idempotency-Key", key);
        if (batch)
            request.Headers.TryAddWithoutValidation("X-Webhook-Batch", "true");
        return await Client.SendAsync(request);
    }

    /// <summary>Asks the management surface with the key.</summary>
    public async Task<HttpResponseMessage> ManageAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ManagementKey);
        if (body is not null)
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return await Client.SendAsync(request);
    }

    /// <summary>Posts to the management surface and returns the JSON of its success.</summary>
    public async Task<JsonElement> PostAsync(string path, object? body = null)
    {
        using var response = await ManageAsync(HttpMethod.Post, path, body);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks the management surface and returns the JSON of its 200.</summary>
    public async Task<JsonElement> ReadAsync(string path)
    {
        using var response = await ManageAsync(HttpMethod.Get, path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path} answered {(int)response.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Asks for a pair of redirect URLs.</summary>
    public Task<HttpResponseMessage> AskForUrlsAsync(string? returnUrl = null, string customer = Customer) =>
        ManageAsync(HttpMethod.Post, $"{ApiOfProject}/customers/{customer}/redirect_urls", new { return_url = returnUrl });

    /// <summary>A new state of the customer.</summary>
    public async Task<string> CreateStateAsync(string? returnUrl = null, string customer = Customer)
    {
        using var response = await AskForUrlsAsync(returnUrl, customer);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("success_redirect_url").GetString()!.Split('/')[^1];
    }

    /// <summary>Sends the signed webhook that the customer's number was connected.</summary>
    public async Task ConnectAsync()
    {
        using var response = await SendWebhookAsync(FlatBody());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>The HTML of a customer's page.</summary>
    public async Task<string> ReadPageAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"Waited 2 min in vain until {what}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Stops the host as a signal does. The engine lives on.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _memory.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static HttpClient Connect(WebApplication app, bool server)
    {
        if (!server)
            return app.GetTestServer().CreateClient();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(address),
        };
    }
}
