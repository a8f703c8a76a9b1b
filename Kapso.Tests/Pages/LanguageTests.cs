using System.Collections;
using System.Globalization;
using System.Net;
using System.Resources;
using Kapso.Tests.Web;

namespace Kapso.Tests.Pages;

public sealed class LanguageTests
{
    private static readonly ResourceManager Texts = new("Kapso.Web.Customers.Texts", typeof(Kapso.Web.KapsoWebExtensions).Assembly);

    [Theory]
    [InlineData("es")]
    [InlineData("pt")]
    [InlineData("hi")]
    [InlineData("id")]
    [InlineData("ar")]
    public void Every_text_is_there_in_every_language_with_the_same_places_for_values(string language)
    {
        var english = Read(CultureInfo.InvariantCulture);
        var translated = Read(CultureInfo.GetCultureInfo(language));
        Assert.Equal(english.Keys.Order(), translated.Keys.Order());
        Assert.Equal(language, translated["Language"]);
        foreach (var (name, text) in english)
        {
            Assert.False(string.IsNullOrWhiteSpace(translated[name]), name);
            Assert.Equal(text.Contains("{0}", StringComparison.Ordinal), translated[name].Contains("{0}", StringComparison.Ordinal));
            if (name != "Language")
                Assert.NotEqual(text, translated[name]);
        }
    }

    [Theory]
    [InlineData("es-MX,es;q=0.9,en;q=0.8", "es", "ltr", "La configuración no se ha completado")]
    [InlineData("pt-BR", "pt", "ltr", "A configuração não foi concluída")]
    [InlineData("hi", "hi", "ltr", "सेटअप पूरा नहीं हुआ")]
    [InlineData("de, id;q=0.5, en;q=0.1", "id", "ltr", "Penyiapan belum selesai")]
    [InlineData("ar-EG", "ar", "rtl", "لم يكتمل الإعداد")]
    [InlineData("es;q=0, en", "en", "ltr", "The setup was not completed")]
    [InlineData("de-AT", "en", "ltr", "The setup was not completed")]
    [InlineData("not a language;;;q=", "en", "ltr", "The setup was not completed")]
    [InlineData(null, "en", "ltr", "The setup was not completed")]
    public async Task A_page_speaks_the_language_that_the_browser_likes_best(string? wanted, string language, string direction, string heading)
    {
        await using var host = await WebHost.StartAsync();
        if (wanted is not null)
            host.Client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", wanted);
        var html = WebUtility.HtmlDecode(await host.ReadPageAsync("/whatsapp/failed?error_code=link_expired"));
        Assert.Contains($"<html lang=\"{language}\" dir=\"{direction}\">", html, StringComparison.Ordinal);
        Assert.Contains(heading, html, StringComparison.Ordinal);
        Assert.Contains("Example", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_links_own_language_goes_before_the_browsers()
    {
        await using var host = await WebHost.StartAsync();
        host.Client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "pt-BR");
        var link = new SetupLink { Id = "link", State = new string('a', 32), CreatedAt = DateTimeOffset.UtcNow, Language = "ar" };
        await host.Engine.AddLinkAsync(WebHost.Key, link, CancellationToken.None);
        var html = await host.ReadPageAsync($"/whatsapp/success/{link.State}");
        Assert.Contains("<html lang=\"ar\" dir=\"rtl\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_changes_speak_the_language_of_the_page()
    {
        await using var host = await WebHost.StartAsync(server: true);
        host.Client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "pt-BR");
        var state = await host.CreateStateAsync();
        await host.ConnectAsync();
        using var stream = await LiveStream.OpenAsync(host, state);
        var status = await stream.NextAsync("the first status");
        Assert.Equal("O WhatsApp está conectado", status?.GetProperty("heading").GetString());
    }

    private static Dictionary<string, string> Read(CultureInfo culture) =>
        Texts.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!.Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
}
