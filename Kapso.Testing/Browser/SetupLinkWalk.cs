namespace Kapso.Testing.Browser;

/// <summary>The README's <em>Play a setup link</em>, as a newcomer does it.</summary>
internal static class SetupLinkWalk
{
    private const string Newcomer = "newcomer";

    /// <summary>Signs in, makes a customer and a setup link.</summary>
    /// <param name="visitor">Has a window on the service.</param>
    /// <param name="managementKey">What the sign-in asks for.</param>
    /// <returns>The link's address, and the customer's page for operators.</returns>
    public static async Task<(string Link, string OperatorsPage)> MakeLinkAsync(Visitor visitor, string managementKey)
    {
        await visitor.GoAsync("/ops");
        await visitor.SignInAsync(managementKey, Newcomer);
        await visitor.FollowAsync("Customers");
        await visitor.FollowAsync("New customer…");
        await visitor.AssertUsableAsync();
        await visitor.PressAsync("Make the customer");
        await visitor.Page.GetByLabel("Your own id for the customer").FillAsync("own-1");
        await visitor.Page.GetByLabel("Name, shown to the customer").FillAsync("Customer 1");
        await visitor.PressAsync("Make the customer");
        await visitor.SeeAsync("New setup link for");
        await visitor.PressAsync("Make the link");
        await visitor.SeeAsync("The setup link is ready.");
        await visitor.SeeAsync("link.asked_for");
        return (await visitor.Page.GetByLabel("Address of the setup link").InputValueAsync(), visitor.Page.Url);
    }

    /// <summary>Plays the customer on the platform's setup page, until the browser is back on the service's.</summary>
    public static async Task ConnectAsync(Visitor visitor, string link)
    {
        await visitor.GoAsync(link);
        await visitor.SeeAsync("You play the customer Customer 1");
        await visitor.PressAsync("Connect");
    }

    /// <summary>Sees that the welcome was sent, and that the link is used up.</summary>
    public static async Task SeeWelcomeAsync(Visitor visitor, string operatorsPage)
    {
        await visitor.GoAsync(operatorsPage);
        await visitor.SeeAsync("welcome.done");
        await visitor.SeeAsync("setup_link.completed");
    }
}
