using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Kapso.Silo.Tests.Newcomer;

/// <summary>The Aspire dashboard in a browser.</summary>
internal sealed partial class Dashboard : IAsyncDisposable
{
    private readonly IBrowserContext _window;
    private readonly IPage _page;
    private readonly Uri _address;

    private Dashboard(IBrowserContext window, IPage page, Uri address) => (_window, _page, _address) = (window, page, address);

    public static async Task<Dashboard> OpenAsync(string login)
    {
        var window = await Chromium.OpenAsync(new() { Locale = "en-US", ViewportSize = new() { Width = 1400, Height = 1000 } });
        var page = await window.NewPageAsync();
        await page.GotoAsync(login);
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("/login"));

        // The dashboard's own error, seen on a busy machine while the application starts: the page asks to be loaded again.
        await page.AddLocatorHandlerAsync(page.Locator("#blazor-error-ui"), _ => page.ReloadAsync());
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
                await Assertions.Expect(rows.Filter(new() { Has = running })).ToHaveCountAsync(count);
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

    /// <summary>Waits for a structured log whose message, or whose template, has a text in it.</summary>
    /// <param name="field"><c>log.message</c> or <c>log.originalformat</c>.</param>
    /// <param name="text">The text.</param>
    public async Task SeeLogAsync(string field, string text)
    {
        await GoAsync($"/structuredlogs?filters={Filter(field, text)}");
        await Assertions.Expect(_page.GetByText(SomeShown())).ToBeVisibleAsync();
    }

    /// <summary>Fails where the message of a structured log has a text in it.</summary>
    public async Task SeeNoLogAsync(string text)
    {
        await GoAsync($"/structuredlogs?filters={Filter("log.message", text)}");
        await Assertions.Expect(_page.GetByText("No structured logs found")).ToBeVisibleAsync();
    }

    /// <summary>Fails where the name of a span has a text in it.</summary>
    public async Task SeeNoSpanAsync(string text)
    {
        await GoAsync($"/traces?filters={Filter("trace.name", text)}");
        await Assertions.Expect(_page.GetByText("No traces found")).ToBeVisibleAsync();
    }

    /// <summary>Opens the first trace that begins with a span of this name, and waits until its page shows spans of all these.</summary>
    public async Task OpenTraceAsync(string name, params string[] spans)
    {
        await GoAsync($"/traces?filters={Filter("trace.name", name)}");
        await _page.GetByRole(AriaRole.Row).Filter(new() { HasText = name }).First.GetByText(name).ClickAsync();
        await Assertions.Expect(_page).ToHaveURLAsync(new Regex("/traces/detail/"));
        foreach (var span in spans)
            await Assertions.Expect(_page.Locator("body")).ToContainTextAsync(span);
    }

    /// <summary>Waits until the page shows a text.</summary>
    public Task SeeTextAsync(string text) => Assertions.Expect(_page.GetByText(text).First).ToBeVisibleAsync();

    /// <summary>Takes a picture of what is shown.</summary>
    public Task PictureAsync(string file) => _page.ScreenshotAsync(new() { Path = file });

    /// <summary>Opens a page of it.</summary>
    public Task<IResponse?> GoAsync(string path) => _page.GotoAsync(new Uri(_address, path).ToString());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _window.DisposeAsync();

    private static string Filter(string field, string text) => Uri.EscapeDataString($"{field}:contains:{Uri.EscapeDataString(text)}");

    [GeneratedRegex(@"^Showing [1-9]")]
    private static partial Regex SomeShown();
}
