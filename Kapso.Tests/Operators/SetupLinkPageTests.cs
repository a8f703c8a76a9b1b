using System.Net;
using Kapso.Tests.Web;

namespace Kapso.Tests.Operators;

/// <summary>What the operators' pages say of setup links.</summary>
public sealed class SetupLinkPageTests
{
    [Fact]
    public async Task A_link_that_somebody_named_is_unconfirmed_until_the_platform_lists_it()
    {
        await using var host = await WebHost.StartAsync();
        var link = new SetupLink
        {
            Id = "link-1",
            PlatformId = "platform-1",
            State = new string('a', 32),
            CreatedAt = DateTimeOffset.UtcNow,
            Source = SetupLinkSource.Registered,
        };
        await host.Engine.ChangeLinkAsync(WebHost.Key, new RegisterLink(link), CancellationToken.None);
        await ShowsAsync("Unconfirmed", "the platform was not asked yet", "Live");

        await FoldAsync([]);
        await ShowsAsync("Unconfirmed", "the platform does not list it", "Live");

        await FoldAsync(new ListedLink { PlatformId = "platform-1", Status = "active" });
        await ShowsAsync("Live", "", "Unconfirmed");

        Task FoldAsync(params ReadOnlySpan<ListedLink> listed) =>
            host.Engine.ChangeLinkAsync(WebHost.Key, new FoldLinks([.. listed], true, DateTimeOffset.UtcNow), CancellationToken.None);

        async Task ShowsAsync(string badge, string said, string not)
        {
            using var page = await host.OpenAsync($"/ops/{WebHost.Project}/customer?id={WebHost.Customer}", await host.GetCookieAsync());
            var html = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            var links = html[html.IndexOf("id=\"links\"", StringComparison.Ordinal)..html.IndexOf("id=\"timeline\"", StringComparison.Ordinal)];
            Assert.Contains(badge, links, StringComparison.Ordinal);
            Assert.Contains(said, links, StringComparison.Ordinal);
            Assert.DoesNotContain(not, links, StringComparison.Ordinal);
        }
    }
}
