using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Kapso.Testing.Browser;

/// <summary>
/// Somebody with a browser window of their own, who notices what a page should never do: write errors to the console, ask
/// another origin for anything, be hard to use for people who cannot see it well.
/// </summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>Names the folder that pictures for people to look at go into; without one, none is taken.</summary>
    public const string PicturesVariable = "KAPSO_PICTURES";

    private const string FailedRequest = "Failed to load resource";

    /// <summary>What colours and the room there is can change.</summary>
    private static readonly string[] OfLooks = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"];

    /// <summary>The rules, to be run in the page itself: the pages have no frames, for which their usual runner opens another one each time.</summary>
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private readonly IBrowserContext _window;
    private readonly Uri _origin;
    private readonly ConcurrentQueue<string> _complaints = [];

    private Visitor(IBrowserContext window, IPage page, Uri origin, Uri? provider)
    {
        (_window, Page, _origin) = (window, page, origin);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _complaints.Enqueue($"The console of {page.Url} says: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Enqueue($"A script of {page.Url} failed: {error}");
        page.Request += (_, request) =>
        {
            if (!_origin.IsBaseOf(new Uri(request.Url)) && provider?.IsBaseOf(new Uri(request.Url)) != true)
                _complaints.Enqueue($"{page.Url} asked another origin: {request.Url}");
        };
    }

    /// <summary>What the window shows.</summary>
    public IPage Page { get; }

    /// <summary>Opens a window.</summary>
    /// <param name="origin">The service.</param>
    /// <param name="colors">The colours that the browser prefers.</param>
    /// <param name="language">Its language.</param>
    /// <param name="width">How wide it is, in pixels.</param>
    /// <param name="scripted">Whether it runs scripts.</param>
    /// <param name="provider">Where people sign in, and may be sent to.</param>
    public static async Task<Visitor> OpenAsync(
        Uri origin, ColorScheme colors = ColorScheme.Light, string language = "en-GB", int width = 1280, bool scripted = true, Uri? provider = null)
    {
        var window = await Chromium.OpenAsync(new()
        {
            BaseURL = origin.ToString(),
            ColorScheme = colors,
            JavaScriptEnabled = scripted,
            Locale = language,
            ViewportSize = new() { Width = width, Height = 900 },
            IgnoreHTTPSErrors = origin.Scheme == Uri.UriSchemeHttps, // A test's certificate is its own.
        });
        return new Visitor(window, await window.NewPageAsync(), origin, provider);
    }

    /// <summary>Opens an address of the service.</summary>
    public async Task<int> GoAsync(string path) => (await Page.GotoAsync(path))!.Status;

    /// <summary>Waits until the page shows a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="seconds">For how long at most.</param>
    public Task SeeAsync(string text, int seconds = Chromium.Patience) =>
        Assertions.Expect(Page.Locator("body")).ToContainTextAsync(text, new() { Timeout = seconds * 1_000 });

    /// <summary>Waits until the page shows one of two texts; says whether it is the first.</summary>
    public async Task<bool> SeesAsync(string first, string second)
    {
        var body = Page.Locator("body");
        await Assertions.Expect(body).ToContainTextAsync(new Regex($"{Regex.Escape(first)}|{Regex.Escape(second)}"));
        return (await body.InnerTextAsync()).Contains(first, StringComparison.Ordinal);
    }

    /// <summary>Follows a link by its text.</summary>
    public Task FollowAsync(string link) => Page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).First.ClickAsync();

    /// <summary>Presses a button of the page's content by its text.</summary>
    public Task PressAsync(string button) =>
        Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>Signs in on the sign-in page that is shown.</summary>
    public async Task SignInAsync(string managementKey, string name)
    {
        await Page.GetByLabel("Your name").FillAsync(name);
        await Page.GetByLabel("Management key").FillAsync(managementKey);
        await PressAsync("Sign in");
    }

    /// <summary>Takes a picture of the page, where <see cref="PicturesVariable"/> names a folder for it.</summary>
    public Task PictureAsync(string name) => Environment.GetEnvironmentVariable(PicturesVariable) is { } folder
        ? Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true })
        : Task.CompletedTask;

    /// <summary>Fails where the page is hard to use for somebody.</summary>
    /// <param name="rules">The rules that are looked at; null for all.</param>
    public async Task AssertUsableAsync(string[]? rules = null)
    {
        await Page.EvaluateAsync(Axe);
        var violations = await Page.EvaluateAsync<string[]>(
            """
            async rules => (await axe.run(document, rules ? { runOnly: rules } : {})).violations
                .map(violation => `${violation.id}: ${violation.help} ` + violation.nodes.map(node => node.html).join("; "))
            """,
            rules);
        Assert.True(violations.Length == 0, $"{Page.Url}\n{string.Join('\n', violations)}");
        Assert.True(
            await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            $"{Page.Url} is wider than the window.");
    }

    /// <summary>
    /// Fails where the page is hard to use for somebody: light on a wide screen, and dark on a narrow one, where what colours and width
    /// do not change is not looked at again.
    /// </summary>
    public async Task AssertUsableInEveryLookAsync()
    {
        await LookAsync(ColorScheme.Light, 1280);
        await AssertUsableAsync();
        await LookAsync(ColorScheme.Dark, 390);
        await AssertUsableAsync(OfLooks);
    }

    /// <summary>Fails where a page did what it should never do.</summary>
    /// <param name="refused">Whether requests were expected to be refused: a browser writes that to the console by itself.</param>
    public void AssertNoComplaints(bool refused = false) =>
        Assert.DoesNotContain(_complaints, complaint => !refused || !complaint.Contains(FailedRequest, StringComparison.Ordinal));

    public async ValueTask DisposeAsync() => await _window.DisposeAsync();

    private async Task LookAsync(ColorScheme colors, int width)
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = colors });
        await Page.SetViewportSizeAsync(width, 900);
    }
}
