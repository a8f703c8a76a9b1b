using System.Text.RegularExpressions;
using Kapso.Tests.Browser;
using Microsoft.Playwright;

namespace Kapso.Silo.Tests.Newcomer;

/// <summary>The Aspire dashboard in a browser.</summary>
internal sealed class Dashboard : IAsyncDisposable
{
    private const int StartPatience = 120_000;

    private readonly IBrowserContext _window;
    private readonly IPage _page;
    private readonly Uri _address;

    private Dashboard(IBrowserContext window, IPage page, Uri address) => (_window, _page, _address) = (window, page, address);

    public static async Task<Dashboard> OpenAsync(string login)
    {
        var window = await Chromium.OpenAsync(new() { Locale = "en-US", ViewportSize = new() { Width = 1400, Height = 800 } });
        window.SetDefaultTimeout(60_000);
        var page = await window.NewPageAsync();
        await page.GotoAsync(login);
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("/login"));
        return new Dashboard(window, page, new Uri(login));
    }

    /// <summary>Waits until the page of resources shows these, each of them running and healthy.</summary>
    public async Task SeeHealthyAsync(params (string Resource, int Count)[] resources)
    {
        await GoAsync("/");
        var running = _page.GetByRole(AriaRole.Gridcell, new() { Name = "Running", Exact = true });
        foreach (var (resource, count) in resources)
        {
            var named = _page.GetByRole(AriaRole.Gridcell, new() { NameRegex = new Regex($@": {resource}(-\w+)?$") });
            var rows = _page.GetByRole(AriaRole.Row).Filter(new() { Has = named });
            try
            {
                await Assertions.Expect(rows.Filter(new() { Has = running })).ToHaveCountAsync(count, new() { Timeout = StartPatience });
            }
            catch (PlaywrightException)
            {
                Assert.Fail($"{count} x {resource}, running and healthy, was awaited; the dashboard shows:\n{await _page.Locator("body").InnerTextAsync()}");
            }

            await Assertions.Expect(rows).ToHaveCountAsync(count);
        }
    }

    /// <summary>Fails where the first page greets with a notice.</summary>
    public async Task SeeNoNoticeAsync() =>
        Assert.DoesNotContain("certificate", await _page.Locator("body").InnerTextAsync(), StringComparison.OrdinalIgnoreCase);

    /// <summary>How many structured logs have a text in their message.</summary>
    public Task<int> CountLogsAsync(string text) => CountAsync("/structuredlogs", text, "structured log");

    /// <summary>How many traces have a text in their name.</summary>
    public Task<int> CountTracesAsync(string text) => CountAsync("/traces", text, "trace");

    /// <summary>Opens the first trace of a name, and returns what its page says.</summary>
    public async Task<string> OpenTraceAsync(string name)
    {
        await CountTracesAsync(name);
        await _page.GetByRole(AriaRole.Row).Filter(new() { HasText = name }).First.ClickAsync();
        await Assertions.Expect(_page).ToHaveURLAsync(new Regex("/traces/detail/"));
        await Assertions.Expect(_page.Locator("main")).ToContainTextAsync(name);
        return await _page.Locator("main").InnerTextAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _window.DisposeAsync();

    private Task<IResponse?> GoAsync(string path) => _page.GotoAsync(new Uri(_address, path).ToString());

    /// <summary>Types a text into the page's filter, and reads the count below the list once it counts what is filtered.</summary>
    private async Task<int> CountAsync(string path, string text, string what)
    {
        await GoAsync(path);
        await _page.GetByPlaceholder("Filter...").FillAsync(text);
        var total = _page.GetByText(new Regex($@"Showing [\d,]+ {what}s?"));
        await Assertions.Expect(total).ToBeVisibleAsync();
        return int.Parse(Regex.Match(await total.InnerTextAsync(), @"[\d,]+").Value.Replace(",", ""), System.Globalization.CultureInfo.InvariantCulture);
    }
}
