namespace Kapso.Tests.Browser;

/// <summary>What the tests in a browser take for hard to use.</summary>
public sealed class VisitorTests
{
    [BrowserTheory]
    [InlineData("""<title>T</title><main><h1>T</h1><p>Read me</p></main>""", null)]
    [InlineData("""<main><h1>T</h1></main>""", "document-title")]
    [InlineData("""<title>T</title><main><h1>T</h1><img src="data:,"></main>""", "image-alt")]
    [InlineData("""<title>T</title><main><h1>T</h1><p style="color:#ccc">Read me</p></main>""", "color-contrast")]
    [InlineData("""<title>T</title><main><h1>T</h1><p style="width:2000px">Read me</p></main>""", "is wider than the window")]
    [InlineData("""<title>T</title><style>@media (prefers-color-scheme: dark) { p { color: #ccc } }</style><main><h1>T</h1><p>Read me</p></main>""", "color-contrast")]
    [InlineData("""<title>T</title><main><h1>T</h1><p style="width:400px">Read me</p></main>""", "is wider than the window")]
    public async Task It_is_found(string content, string? found)
    {
        await using var visitor = await Visitor.OpenAsync(new Uri("http://localhost"));
        await visitor.Page.SetContentAsync($"""<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">{content}</html>""");
        if (found is null)
        {
            await visitor.AssertUsableInEveryLookAsync();
            return;
        }

        var failure = await Assert.ThrowsAnyAsync<Exception>(visitor.AssertUsableInEveryLookAsync);
        Assert.Contains(found, failure.Message, StringComparison.Ordinal);
    }
}
