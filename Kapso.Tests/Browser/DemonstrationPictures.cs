using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kapso.Tests.Web;
using Microsoft.Playwright;

namespace Kapso.Tests.Browser;

/// <summary>
/// Takes the README's pictures from a demonstration that runs at the address in <c>KAPSO_PICTURES_FROM</c>, with the secrets in
/// the file that <c>KAPSO_PICTURES_SECRETS</c> names, into the folder <c>KAPSO_PICTURES</c>: see <c>docs/images/take.sh</c>.
/// Without them there is nothing to do.
/// </summary>
public sealed class DemonstrationPictures : IDisposable
{
    private const string Project = "de300000-0000-4000-8000-000000000001";
    private const string WhyNot = "The README's pictures are taken by docs/images/take.sh.";

    private static readonly string? From = Environment.GetEnvironmentVariable("KAPSO_PICTURES_FROM");
    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;

    private static readonly string[] Companies =
        ["Bakery 1", "Bakery 2", "Book shop 1", "Book shop 2", "Clinic 1", "Clinic 2", "Florist 1", "Florist 2", "Garage 1", "Hotel 1", "Hotel 2", "Optician 1"];

    private readonly HttpClient _api = new();
    private readonly HttpClient _simulator = new();
    private string _webhookSecret = "";
    private string _managementKey = "";

    public static bool IsWanted => From is not null;

    public void Dispose()
    {
        _api.Dispose();
        _simulator.Dispose();
    }

    [Fact(SkipUnless = nameof(IsWanted), Skip = WhyNot)]
    public async Task The_pictures_of_the_readme_are_taken_from_the_running_demonstration()
    {
        await ReadSecretsAsync();
        _api.BaseAddress = new Uri($"{From}/api/projects/{Project}/");
        _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _managementKey);
        _simulator.BaseAddress = new Uri($"{From}/simulator/api/");

        await FillAsync();
        await PictureCustomersPagesAsync();
        var needsAPerson = await ConnectAsync("Tailor 1", phone: null);
        await WelcomeIsAsync(needsAPerson, "dead");
        await ParkAsync();
        await PictureOperatorsPagesAsync(needsAPerson);
    }

    /// <summary>Customers who connected, who left, whose setup failed, and who have not opened their link.</summary>
    private async Task FillAsync()
    {
        string customer = "";
        foreach (var (company, index) in Companies.Select((company, index) => (company, index)))
            customer = await ConnectAsync(company, phone: $"+1555010{index:0000}");
        await WelcomeIsAsync(customer, "done");

        var connection = await _api.GetFromJsonAsync<JsonElement>(Relative($"customers/{customer}/connection"), Cancelled);
        await PostAsync(_simulator, $"numbers/{connection.GetProperty("numbers")[0].GetProperty("phone_number_id").GetString()}/delete", null);
        foreach (var (company, code) in new[] { ("Pharmacy 1", "facebook_auth_failed"), ("Pharmacy 2", "waba_limit_reached"), ("Pharmacy 3", "facebook_auth_failed") })
            await OpenAsync(await FailAsync(company, code));
        foreach (var company in new[] { "School 1", "School 2" })
            await InviteAsync(company, phone: null);
    }

    private async Task PictureCustomersPagesAsync()
    {
        await using var visitor = await Visitor.OpenAsync(new Uri(From!), ColorScheme.Dark, width: 800);
        await visitor.Page.SetViewportSizeAsync(800, 640);

        // The browser is there before the webhook, and before the API knows.
        var (_, link, url) = await InviteAsync("Workshop 1", phone: "+15550109999");
        foreach (var fault in new[] { "redirect_first", "lagging_api" })
            await PostAsync(_simulator, $"faults/{fault}", null);
        await visitor.GoAsync(url);
        await visitor.PressAsync("Connect");
        await visitor.SeeAsync("Thank you, almost done");
        await TakeAsync(visitor, "success-waiting", wholePage: false);
        await visitor.SeeAsync("WhatsApp is connected");
        await TakeAsync(visitor, "success-connected", wholePage: false);

        await visitor.GoAsync(await FailAsync("Workshop 2", "facebook_auth_failed"));
        await TakeAsync(visitor, "failure", wholePage: false);
        visitor.AssertNoComplaints();
        Assert.NotEmpty(link);
    }

    private async Task PictureOperatorsPagesAsync(string customer)
    {
        await using var light = await Visitor.OpenAsync(new Uri(From!));
        await light.GoAsync("/ops");
        await OperatorStage.SignInAsync(light, _managementKey);
        await light.SeeAsync("Needs a person");
        await light.FollowAsync("Reconcile…");
        await light.PressAsync("Reconcile");
        await light.SeeAsync("asked for by " + OperatorStage.Operator);
        await light.GoAsync($"/ops/{Project}");
        await TakeAsync(light, "operators-overview", wholePage: true);
        light.AssertNoComplaints();

        await using var dark = await Visitor.OpenAsync(new Uri(From!), ColorScheme.Dark);
        await dark.GoAsync("/ops");
        await OperatorStage.SignInAsync(dark, _managementKey);
        await dark.SeeAsync("Needs a person");
        await dark.GoAsync($"/ops/{Project}/customer?id={customer}");
        await dark.SeeAsync("No recipient");
        await TakeAsync(dark, "operators-customer", wholePage: true);
        dark.AssertNoComplaints();
    }

    private async Task ReadSecretsAsync()
    {
        await using var file = File.OpenRead(Environment.GetEnvironmentVariable("KAPSO_PICTURES_SECRETS")!);
        using var secrets = await JsonDocument.ParseAsync(file, cancellationToken: Cancelled);
        _webhookSecret = secrets.RootElement.GetProperty("webhook_secret").GetString()!;
        _managementKey = secrets.RootElement.GetProperty("management_key").GetString()!;
    }

    private async Task<string> ConnectAsync(string company, string? phone)
    {
        var (customer, link, _) = await InviteAsync(company, phone);
        var end = await PostAsync(_simulator, $"setup_links/{link}/connect", null);
        await OpenAsync(end.GetProperty("data").GetProperty("redirect_url").GetString()!);
        return customer;
    }

    private async Task<string> FailAsync(string company, string code)
    {
        var (_, link, _) = await InviteAsync(company, phone: null);
        var end = await PostAsync(_simulator, $"setup_links/{link}/fail", new { error_code = code });
        return end.GetProperty("data").GetProperty("redirect_url").GetString()!;
    }

    private async Task<(string CustomerId, string LinkId, string Url)> InviteAsync(string company, string? phone)
    {
        var made = await PostAsync(_api, "customers", new { external_customer_id = company.Replace(' ', '-').ToUpperInvariant(), name = company });
        var customer = made.GetProperty("customer_id").GetString()!;
        var link = await PostAsync(_api, $"customers/{customer}/setup_links", new { contact_phone = phone });
        return (customer, link.GetProperty("link").GetProperty("setup_link_id").GetString()!, link.GetProperty("url").GetString()!);
    }

    private Task WelcomeIsAsync(string customer, string status) => Wait.ForAsync(
        async () => (await _api.GetFromJsonAsync<JsonElement>(Relative($"customers/{customer}/connection"), Cancelled)).GetProperty("numbers") is var numbers
            && numbers.GetArrayLength() == 1
            && numbers[0].GetProperty("welcome") is { ValueKind: JsonValueKind.Object } welcome
            && welcome.GetProperty("status").GetString() == status,
        $"a welcome that is {status}");

    /// <summary>A delivery of another project's, signed with this one's secret: it is kept for a person.</summary>
    private async Task ParkAsync()
    {
        var body = Encoding.UTF8.GetBytes("""{"phone_number_id":"100000000000001","project":{"id":"another-project"},"customer":{"id":"another-customer"}}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{From}/webhooks/project/{Project}")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Webhook-Event", WebHost.Created);
        request.Headers.Add("X-Webhook-Signature", WebHost.Sign(body, _webhookSecret));
        using var answer = await _simulator.SendAsync(request, Cancelled);
        answer.EnsureSuccessStatusCode();
    }

    private async Task OpenAsync(string page)
    {
        using var answer = await _simulator.GetAsync(new Uri(page), Cancelled);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object? body)
    {
        using var answer = await client.PostAsJsonAsync(Relative(path), body ?? new { }, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static Task<byte[]> TakeAsync(Visitor visitor, string name, bool wholePage) => visitor.Page.ScreenshotAsync(new()
    {
        Path = Path.Combine(Environment.GetEnvironmentVariable("KAPSO_PICTURES")!, name + ".png"),
        FullPage = wholePage,
    });
}
