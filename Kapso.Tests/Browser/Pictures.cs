using Kapso.Tests.Platform.Api;
using Kapso.Tests.Web;
using Microsoft.Playwright;

namespace Kapso.Tests.Browser;

/// <summary>
/// Takes pictures of every page for people to look at, into the folder that <c>KAPSO_PICTURES</c> names; without one, there
/// is nothing to do.
/// </summary>
public sealed class Pictures
{
    public static bool IsWanted => Environment.GetEnvironmentVariable(Visitor.PicturesVariable) is not null;

    [Fact(SkipUnless = nameof(IsWanted), Skip = "Pictures are taken where KAPSO_PICTURES names a folder for them.")]
    public async Task Every_page_for_operators_is_pictured()
    {
        await using var stage = await OperatorStage.OpenAsync();
        foreach (var (colors, width) in from colors in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark] from width in (int[])[1280, 390] select (colors, width))
        {
            await using var visitor = await Visitor.OpenAsync(stage.Address, colors, width: width);
            var look = $"{colors.ToString().ToLowerInvariant()}-{width}";
            await visitor.GoAsync("/ops/sign-in");
            await visitor.PictureAsync($"sign-in-{look}");
            await OperatorStage.SignInAsync(visitor);
            await visitor.SeeAsync("Needs a person");
            await visitor.GoAsync("/ops");
            await visitor.PictureAsync($"projects-{look}");
            foreach (var page in OperatorPageTests.PagesOf(stage))
            {
                await visitor.GoAsync(page);
                var name = page[OperatorStage.Root.Length..].Trim('/') is { Length: > 0 } rest ? rest : "overview";
                await visitor.PictureAsync($"{string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : '-'))}-{look}");
            }
        }
    }

    [Fact(SkipUnless = nameof(IsWanted), Skip = "Pictures are taken where KAPSO_PICTURES names a folder for them.")]
    public async Task Every_page_for_customers_is_pictured()
    {
        foreach (var (language, colors, width) in
            from language in (string[])["en", "ar"]
            from colors in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark]
            from width in (int[])[1280, 390]
            select (language, colors, width))
        {
            await using var host = await WebHost.StartAsync(server: true);
            await using var visitor = await Visitor.OpenAsync(host.Client.BaseAddress!, colors, language, width);
            var look = $"{language}-{colors.ToString().ToLowerInvariant()}-{width}";
            var state = await host.CreateStateAsync();
            foreach (var code in CustomerPageTests.Codes)
            {
                await visitor.GoAsync($"/whatsapp/failed/{state}?error_code={code}");
                await visitor.PictureAsync($"failed-{code}-{look}");
            }

            await visitor.GoAsync($"/whatsapp/success/{state}{CustomerPageTests.Query}");
            await visitor.PictureAsync($"success-waiting-{look}");
            await SayAsync(host, "PENDING");
            await visitor.GoAsync($"/whatsapp/success/{state}{CustomerPageTests.Query}");
            await visitor.PictureAsync($"success-pending-{look}");
            await host.ConnectAsync();
            await Assertions.Expect(visitor.Page.Locator("main[data-tone=connected]")).ToBeVisibleAsync();
            await visitor.PictureAsync($"success-connected-{look}");
            await visitor.GoAsync($"/whatsapp/success/{state}{CustomerPageTests.Query}");
            await visitor.PictureAsync($"success-known-{look}");
            (await host.SendWebhookAsync(WebHost.FlatBody(), "whatsapp.phone_number.disconnected", "key-2")).Dispose();
            await visitor.GoAsync($"/whatsapp/success/{state}{CustomerPageTests.Query}");
            await visitor.PictureAsync($"success-gone-{look}");
            await visitor.GoAsync("/whatsapp/success");
            await visitor.PictureAsync($"success-stateless-{look}");
        }
    }

    [Fact(SkipUnless = nameof(IsWanted), Skip = "Pictures are taken where KAPSO_PICTURES names a folder for them.")]
    public async Task What_the_platform_says_of_numbers_is_pictured()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(
            200, """{"status":"degraded","phone_number_id":"123456789012345","quality_rating":"YELLOW","checks":{"name_status":{"passed":false},"quality_rating":{"passed":false}}}"""));
        await using var host = await WebHost.StartAsync(
            options =>
            {
                options.Projects[0].ApiKey = Client.Key;
                options.Platform.BaseUrl = platform.BaseUrl;
            },
            server: true,
            environment: "Development");
        await host.ConnectAsync();
        await SayAsync(host, "PENDING");
        await SayAsync(host, null, "123456789012346", "sandbox");
        await SayAsync(host, null, "123456789012347", "production");
        foreach (var (colors, width) in from colors in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark] from width in (int[])[1280, 390] select (colors, width))
        {
            await using var visitor = await Visitor.OpenAsync(host.Client.BaseAddress!, colors, width: width);
            await visitor.GoAsync("/ops");
            await OperatorStage.SignInAsync(visitor);
            await visitor.SeeAsync("Needs a person");
            await visitor.GoAsync($"/ops/{WebHost.Project}/customer?id={WebHost.Customer}&health={WebHost.Number}");
            await visitor.SeeAsync("degraded");
            await visitor.PictureAsync($"customer-rows-{colors.ToString().ToLowerInvariant()}-{width}");
        }
    }

    /// <summary>What a row of the platform says: another status, or that the number is connected and of a kind.</summary>
    private static Task<Receipt> SayAsync(WebHost host, string? status, string number = WebHost.Number, string? kind = null) => host.Engine.ObserveAsync(
        WebHost.Key,
        new Observation
        {
            Kind = status is null ? ObservationKind.ApiConnected : ObservationKind.ApiUnconfirmed,
            Finding = status is null ? null : RowFinding.OtherStatus,
            PlatformStatus = status,
            NumberKind = kind,
            Source = Source.Api,
            Event = "api.reconcile",
            PhoneNumberId = number,
            ReceivedAt = DateTimeOffset.UtcNow,
        },
        CancellationToken.None);
}
