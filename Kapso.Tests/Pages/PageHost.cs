using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kapso.Connections;
using Kapso.Connections.Engine;
using Kapso.Platform.Settings;
using Kapso.Tests.Engines.Memory;
using Kapso.Web;
using Kapso.Web.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Kapso.Tests.Pages;

/// <summary>The pages behind a real server on a free loopback port, with an in-memory engine.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    public const string Project = "990e8400-e29b-41d4-a716-446655440004";
    public const string Customer = "880e8400-e29b-41d4-a716-446655440003";
    public const string Number = "123456789012345";
    public const string AllowedHost = "app.example.com";

    private const string Secret = "synthetic-webhook-secret";
    private const string ManagementKey = "management-key-of-the-tests";

    private readonly WebApplication _app;
    private readonly MemoryEngine _engine;

    private PageHost(WebApplication app, MemoryEngine engine)
    {
        _app = app;
        _engine = engine;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(address),
        };
    }

    public HttpClient Client { get; }

    public IConnectionEngine Engine => _engine;

    public static CustomerKey Key => CustomerKey.TryCreate(Project, Customer, out var key)
        ? key
        : throw new InvalidOperationException("The tests' own ids are not valid.");

    public static async Task<PageHost> StartAsync(WebLimits? limits = null, Action<KapsoOptions>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        var options = new KapsoOptions
        {
            PublicUrl = new Uri("https://connect.example.com"),
            Management = { ApiKey = ManagementKey },
        };
        var project = new ProjectOptions { Id = Project, Name = "Acme Flowers" };
        project.WebhookSecrets.Add(Secret);
        options.Projects.Add(project);
        options.Pages.AllowedHosts.Add(AllowedHost);
        configure?.Invoke(options);
        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.AddSingleton(limits ?? new WebLimits());
        var engine = new MemoryEngine(new MemoryEngineOptions());
        builder.Services.AddSingleton<IConnectionEngine>(engine);
        builder.AddKapsoWeb();

        var app = builder.Build();
        app.MapKapso();
        await app.StartAsync();
        return new PageHost(app, engine);
    }

    /// <summary>Asks for a pair of redirect URLs.</summary>
    public async Task<HttpResponseMessage> AskForUrlsAsync(string? returnUrl = null)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/api/projects/{Project}/customers/{Customer}/redirect_urls");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ManagementKey);
        request.Content = new StringContent(
            JsonSerializer.Serialize(new { return_url = returnUrl }), Encoding.UTF8, "application/json");
        return await Client.SendAsync(request);
    }

    /// <summary>A new state of the customer.</summary>
    public async Task<string> CreateStateAsync(string? returnUrl = null)
    {
        using var response = await AskForUrlsAsync(returnUrl);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("success_redirect_url").GetString()!.Split('/')[^1];
    }

    /// <summary>Sends the signed webhook that a number was connected.</summary>
    public async Task ConnectAsync(string number = Number)
    {
        var body = Encoding.UTF8.GetBytes(
            $$$"""{"phone_number_id":"{{{number}}}","project":{"id":"{{{Project}}}"},"customer":{"id":"{{{Customer}}}"}}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/project/{Project}")
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Webhook-Event", "whatsapp.phone_number.created");
        request.Headers.Add("X-Idempotency-Key", "key-" + number);
        request.Headers.Add(
            "X-Webhook-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)));
        using var response = await Client.SendAsync(request);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>The page's HTML.</summary>
    public async Task<string> ReadAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _engine.DisposeAsync();
        await _app.DisposeAsync();
    }
}
