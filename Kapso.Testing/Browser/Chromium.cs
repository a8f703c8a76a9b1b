using Microsoft.Playwright;

namespace Kapso.Testing.Browser;

/// <summary>The machine's own Chromium, started once for all tests.</summary>
internal static class Chromium
{
    /// <summary>Set to <c>required</c> where a missing Chromium is a failure, and its tests are not left out.</summary>
    public const string Variable = "KAPSO_BROWSER_TESTS";

    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

    private static readonly Lazy<Task<IBrowser>> Started = new(StartAsync);

    /// <summary>Why the tests are left out here; null where they are not.</summary>
    public static string? LeftOut { get; } =
        Find() is null && Environment.GetEnvironmentVariable(Variable) != "required"
            ? "Needs Chromium, and there is none on this machine: apt-get install chromium."
            : null;

    /// <summary>A browser window of its own, with nothing kept from others.</summary>
    public static async Task<IBrowserContext> OpenAsync(BrowserNewContextOptions options) =>
        await (await Started.Value).NewContextAsync(options);

    private static string? Find() => Places.FirstOrDefault(File.Exists);

    private static async Task<IBrowser> StartAsync()
    {
        var executable = Find() ?? throw new InvalidOperationException(
            $"Chromium was expected at one of {string.Join(", ", Places)}, since {Variable} is 'required'. Install it: apt-get install chromium.");
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = ["--no-sandbox", "--disable-gpu"] });
    }
}
