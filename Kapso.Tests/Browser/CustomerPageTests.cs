using System.Net;
using System.Text.Json;
using Kapso.Connections.Redirects;
using Kapso.Tests.Hosting;
using Kapso.Tests.Web;
using Microsoft.Playwright;

namespace Kapso.Tests.Browser;

/// <summary>The customers' pages in a real browser.</summary>
[Long]
public sealed class CustomerPageTests
{
    internal const string Query = $"?phone_number_id={WebHost.Number}&display_phone_number=%2B15551234567";

    internal static readonly string[] Codes =
    [
        "facebook_auth_failed", "phone_verification_failed", "waba_limit_reached", "token_exchange_failed", "link_expired", "already_used", "else",
    ];

    [BrowserTheory]
    [InlineData("en", ColorScheme.Light, 1280)]
    [InlineData("es", ColorScheme.Dark, 390)]
    [InlineData("pt", ColorScheme.Light, 390)]
    [InlineData("hi", ColorScheme.Dark, 1280)]
    [InlineData("id", ColorScheme.Light, 320)]
    [InlineData("ar", ColorScheme.Light, 390)]
    [InlineData("ar", ColorScheme.Dark, 1280)]
    public async Task Every_page_is_usable_in_every_language(string language, ColorScheme colors, int width)
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        await using var visitor = await Visitor.OpenAsync(host.Client.BaseAddress!, colors, language, width);
        foreach (var code in Codes)
        {
            await visitor.GoAsync($"/whatsapp/failed/{state}?error_code={code}");
            Assert.Equal(language, await visitor.Page.Locator("html").GetAttributeAsync("lang"));
            await visitor.AssertUsableAsync();
        }

        await visitor.GoAsync($"/whatsapp/success{Query}");
        await visitor.AssertUsableAsync();
        await visitor.GoAsync($"/whatsapp/success/{state}{Query}");
        await visitor.AssertUsableAsync();
        await host.ConnectAsync();
        await visitor.GoAsync($"/whatsapp/success/{state}{Query}");
        await visitor.AssertUsableAsync();
        (await host.SendWebhookAsync(WebHost.FlatBody(), "whatsapp.phone_number.disconnected", "key-2")).Dispose();
        await visitor.GoAsync($"/whatsapp/success/{state}{Query}");
        await visitor.AssertUsableAsync();
        visitor.AssertNoComplaints();
    }

    [BrowserTheory]
    [InlineData("#ffffff", "#111827", ColorScheme.Dark)]
    [InlineData("#111827", "#f9fafb", ColorScheme.Light)]
    public async Task A_links_colours_are_easy_to_read_whatever_the_browser_prefers(string card, string text, ColorScheme colors)
    {
        await using var host = await WebHost.StartAsync(server: true);
        var theme = new LinkTheme { Page = "#6b7280", Card = card, Text = text, Accent = "#3b82f6" };
        var link = new SetupLink { Id = "themed", State = States.Create(), CreatedAt = DateTimeOffset.UtcNow, Theme = theme };
        await host.Engine.AddLinkAsync(WebHost.Key, link, CancellationToken.None);
        await using var visitor = await Visitor.OpenAsync(host.Client.BaseAddress!, colors);
        await visitor.GoAsync($"/whatsapp/failed/{link.State}?error_code=link_expired");
        await visitor.AssertUsableAsync();
        await visitor.GoAsync($"/whatsapp/success/{link.State}{Query}");
        await visitor.AssertUsableAsync();
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task The_success_page_turns_to_connected_by_itself()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        await using var visitor = await Visitor.OpenAsync(host.Client.BaseAddress!);
        await visitor.GoAsync($"/whatsapp/success/{state}{Query}");
        await visitor.SeeAsync("Thank you, almost done");
        await host.ConnectAsync();
        await visitor.SeeAsync("WhatsApp is connected");
        await visitor.SeeAsync("+15551234567");
        await visitor.AssertUsableAsync();
        visitor.AssertNoComplaints();
    }
}

/// <summary>A page that stays open while the service is gone for a while.</summary>
[Collection(RunsAlone.Name)]
public sealed class RestartBrowserTests
{
    private const string Key = "management-key-of-the-restart-test";

    [BrowserFact]
    public async Task A_page_left_open_while_the_service_restarts_still_turns_to_connected()
    {
        using var folder = new TemporaryFolder();
        var address = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}");
        Uri page;
        Visitor visitor;
        await using (var host = Start(folder, address))
        {
            await host.StartedAsync();
            page = await CreatePageAsync(address);
            visitor = await Visitor.OpenAsync(address);
            await visitor.GoAsync(page.PathAndQuery);
            await visitor.SeeAsync("Thank you, almost done");
        }

        await using (visitor)
        await using (var again = Start(folder, address))
        {
            await again.StartedAsync();
            using var client = new HttpClient { BaseAddress = address };
            var body = WebHost.FlatBody();
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            content.Headers.Add("X-Webhook-Event", WebHost.Created);
            content.Headers.Add("X-Webhook-Signature", WebHost.Sign(System.Text.Encoding.UTF8.GetBytes(body)));
            using var response = await client.PostAsync(new Uri(WebHost.WebhookPath, UriKind.Relative), content);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);

            await visitor.SeeAsync("WhatsApp is connected");
            visitor.AssertNoComplaints(refused: true);
        }
    }

    private static HostProcess Start(TemporaryFolder folder, Uri address) => HostProcess.Start(
        folder.Path, "Development",
        ("ASPNETCORE_URLS", address.GetLeftPart(UriPartial.Authority)), ("Kapso__Management__ApiKey", Key),
        ("Kapso__Projects__0__Id", WebHost.Project), ("Kapso__Projects__0__WebhookSecrets__0", WebHost.Secret));

    private static async Task<Uri> CreatePageAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        using var response = await client.PostAsync(new Uri($"{WebHost.ApiOfCustomer}/redirect_urls", UriKind.Relative), null);
        var urls = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return new Uri(urls.GetProperty("success_redirect_url").GetString()!);
    }
}
