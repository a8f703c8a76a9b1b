using Kapso.Testing.SignIn;
using Kapso.Tests.Web;

namespace Kapso.Tests.Browser;

/// <summary>Signing in at a provider of OpenID Connect, in a real browser.</summary>
[Long]
public sealed class ProviderSignInTests
{
    private const string Root = "/ops/" + WebHost.Project;
    private const string Button = "Sign in with single sign-on";

    [BrowserFact]
    public async Task Who_asks_for_a_page_signs_in_there_and_then_gets_it_with_the_role_of_the_claim()
    {
        await using var provider = await LoginProvider.StartAsync();
        await using var host = await StartAsync(provider);
        await host.ConnectAsync();
        foreach (var (role, sees) in ((string, bool)[])[("read", false), ("operate", true), ("administer", true)])
        {
            await using var visitor = await Visitor.OpenAsync(host.Client.BaseAddress!, provider: provider.Address);
            await visitor.GoAsync($"{Root}/customers?query={WebHost.Customer}");
            if (role == "read")
                await visitor.PictureAsync("sign-in-provider");
            await visitor.FollowAsync(Button);
            await visitor.SeeAsync(LoginProvider.Heading);
            await visitor.FollowAsync(role);
            await visitor.SeeAsync(WebHost.Customer);
            Assert.EndsWith($"{Root}/customers?query={WebHost.Customer}", visitor.Page.Url, StringComparison.Ordinal);
            Assert.Equal(sees, (await visitor.Page.Locator("main").InnerTextAsync()).Contains("New customer…", StringComparison.Ordinal));

            await visitor.FollowAsync($"somebody who may {role}");
            await visitor.SeeAsync("with single sign-on");
            await visitor.PictureAsync($"access-{role}");
            await visitor.AssertUsableInEveryLookAsync();
            await visitor.PictureAsync($"access-{role}-narrow");
            visitor.AssertNoComplaints();
        }

        var lines = (await host.ReadAsync($"{WebHost.ApiOfProject}/audit")).GetProperty("items").EnumerateArray();
        Assert.DoesNotContain(lines, line => line.GetProperty("outcome").GetString() != "done");
    }

    [BrowserFact]
    public async Task Who_has_no_role_or_is_not_let_in_there_is_told_and_sees_nothing()
    {
        await using var provider = await LoginProvider.StartAsync();
        await using var host = await StartAsync(provider);
        await using var visitor = await Visitor.OpenAsync(host.Client.BaseAddress!, provider: provider.Address);
        foreach (var (who, told) in ((string, string)[])[(LoginProvider.NoRole, "have no role here"), ("nobody", "You were not let in there.")])
        {
            await visitor.GoAsync(Root);
            await visitor.FollowAsync(Button);
            await visitor.FollowAsync(who);
            await visitor.SeeAsync(told);
            await visitor.AssertUsableAsync();
            await visitor.PictureAsync($"sign-in-{who}");
        }

        await visitor.GoAsync(Root);
        await visitor.SeeAsync("Management key");
        visitor.AssertNoComplaints(refused: true);
    }

    [BrowserFact]
    public async Task Where_the_provider_does_not_answer_a_key_still_opens_the_pages()
    {
        var provider = await LoginProvider.StartAsync();
        await using var host = await StartAsync(provider);
        await provider.DisposeAsync();
        await using var visitor = await Visitor.OpenAsync(host.Client.BaseAddress!);
        await visitor.GoAsync(Root);
        await visitor.FollowAsync(Button);
        await visitor.SeeAsync("does not answer");
        await visitor.SignInAsync(WebHost.ManagementKey, "operator-1");
        await visitor.SeeAsync("Needs a person");
        visitor.AssertNoComplaints(refused: true);
    }

    [BrowserFact]
    public async Task A_way_back_that_was_not_begun_here_leads_nowhere()
    {
        await using var provider = await LoginProvider.StartAsync();
        await using var host = await StartAsync(provider);
        await using var visitor = await Visitor.OpenAsync(host.Client.BaseAddress!, provider: provider.Address);
        await visitor.GoAsync("/ops/sign-in/callback?code=0123&state=4567");
        await visitor.SeeAsync("That did not work.");
        await visitor.GoAsync(Root);
        await visitor.SeeAsync("Management key");
        visitor.AssertNoComplaints(refused: true);
    }

    private static Task<WebHost> StartAsync(LoginProvider provider) => WebHost.StartAsync(
        options => new ConfigurationBuilder().AddInMemoryCollection(provider.Settings!).Build().GetSection("Kapso").Bind(options),
        server: true, environment: "Development");
}
