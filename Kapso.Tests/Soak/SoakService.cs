using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Kapso.Simulator.Clock;
using Kapso.Tests.Platform;

namespace Kapso.Tests.Soak;

/// <summary>
/// The real service in a process of its own, at one address through all its lives, with the simulator for its platform and the
/// simulator's time for its own.
/// </summary>
internal sealed class SoakService : IAsyncDisposable
{
    private const string ManagementKey = "management-key-of-the-tests";
    private const string Assembly = "Kapso.Embedded.dll";

    private readonly Dictionary<string, string> _settings;
    private readonly SimulatedClock _clock;
    private readonly int _port;
    private ServiceProcess? _process;

    /// <param name="simulator">The platform.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="company">Where welcomes go.</param>
    /// <param name="folder">Where its store is.</param>
    public SoakService(SimulatorHost simulator, int port, Uri company, string folder)
    {
        _clock = simulator.Platform.Clock;
        _port = port;
        Address = AddressOf(port);
        Project = $"/api/projects/{simulator.Platform.ProjectId}";
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ManagementKey);
        Browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        _settings = new()
        {
            // Elsewhere the platform has to be asked over https.
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = typeof(HurriedService).Assembly.GetName().Name!,
            ["Logging:LogLevel:Default"] = "Error",
            ["Kapso:Projects:0:Id"] = simulator.Platform.ProjectId,
            ["Kapso:Projects:0:WebhookSecrets:0"] = SimulatorHost.Secret,
            ["Kapso:Projects:0:ApiKey"] = SimulatorHost.Key,
            ["Kapso:PublicUrl"] = Address.AbsoluteUri,
            ["Kapso:Platform:BaseUrl"] = simulator.BaseUrl.AbsoluteUri,
            ["Kapso:Platform:RequestsPerMinute"] = "10000",
            ["Kapso:Management:ApiKey"] = ManagementKey,
            ["Kapso:Welcome:Flow"] = "callback",
            ["Kapso:Welcome:Callback:Url"] = company.AbsoluteUri,
            ["Kapso:Welcome:Callback:Secret"] = Runners.Secret,
            ["Kapso:Welcome:Callback:Timeout"] = "00:00:30",
            ["Kapso:Reconcile:Interval"] = "00:01:00",
            ["Kapso:Store:Path"] = Path.Combine(folder, "kapso.db"),
        };
    }

    public Uri Address { get; }

    /// <summary>The path of the project in the service's API.</summary>
    public string Project { get; }

    /// <summary>The company's, with the management key.</summary>
    public HttpClient Client { get; }

    /// <summary>A customer's: no key, no redirect followed by itself.</summary>
    public HttpClient Browser { get; }

    /// <summary>Whether it was killed and is not there again.</summary>
    public bool IsAway { get; private set; }

    public static Uri AddressOf(int port) => new($"http://127.0.0.1:{port}");

    /// <summary>Starts it and waits until it is ready. Its time is the simulator's, as fast as that goes now.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _settings[HurriedService.Variable] = HurriedTime.Write(_clock.UtcNow, _clock.Factor);
        _process = await ServiceProcess.StartAsync(Assembly, _settings, cancellationToken, _port, typeof(HurriedService).Assembly.GetName().Name + ".dll");
        IsAway = false;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        IsAway = true;
        await _process!.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Asks the project's API; the JSON of its 200 or 202.</summary>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, Project + path);
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(
            response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted,
            string.Create(CultureInfo.InvariantCulture, $"{path} answered {(int)response.StatusCode}: {text}"));
        return JsonElement.Parse(text);
    }

    /// <summary>A customer's connection; undefined where nothing was ever heard of them.</summary>
    public async Task<JsonElement> FindAsync(string customerId)
    {
        using var response = await Client.GetAsync(new Uri($"{Project}/customers/{customerId}/connection", UriKind.Relative));
        return response.StatusCode == HttpStatusCode.OK ? JsonElement.Parse(await response.Content.ReadAsStringAsync()) : default;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Browser.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
