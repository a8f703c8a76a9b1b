namespace Kapso.Silo.Tests.Newcomer;

/// <summary>What the README says of the distributed application, done as it stands there on a machine without Docker.</summary>
public sealed class NewcomerTests(ITestOutputHelper output)
{
    [BrowserTheory]
    [InlineData("redis-server")]
    [InlineData(null)]
    public async Task It_starts_does_what_the_readme_shows_and_leaves_no_process_behind(string? store)
    {
        using var machine = new Machine(store);
        await using var run = AppHostRun.Start(machine);
        await using (var dashboard = await Dashboard.OpenAsync(await run.DashboardAsync()))
        {
            await dashboard.SeeHealthyAsync(("redis", 1), ("silo", 2), ("api", 1), ("simulator", 1));
            await dashboard.SeeNoNoticeAsync();
            await SeeItWorkAsync(machine);
            await PlayASetupLinkAsync(machine);
            await SeeTheStoryAsync(dashboard);
        }

        var processes = run.Processes.Select(process => process.Command).ToArray();
        foreach (var part in (string[])["Kapso.AppHost", "Kapso.Silo", "Kapso.Api", "Kapso.Simulator", "Aspire.Dashboard", "dcp", store ?? "garnet-server"])
            Assert.Contains(processes, command => command.Contains(part, StringComparison.OrdinalIgnoreCase));
        output.WriteLine($"The last process was gone {(await run.InterruptAsync()).TotalSeconds:F1} s after Ctrl+C.");
    }

    /// <summary>What happened until now, as the dashboard tells it.</summary>
    private static async Task SeeTheStoryAsync(Dashboard dashboard)
    {
        await dashboard.OpenTraceAsync("POST /webhooks/project/{project_id}", "kapso.observe", "kapso.effect", "silo", "redis");
        await dashboard.SeeNoSpanAsync("/health");
        await dashboard.SeeNoSpanAsync("/alive");

        // Templates have placeholders, and no message has one.
        await dashboard.SeeLogAsync("log.originalformat", "{");
        await dashboard.SeeLogAsync("log.message", "Welcome, customer");
        await dashboard.SeeNoLogAsync("{");
    }

    /// <summary>Pastes the commands of <em>See it work</em>.</summary>
    internal static async Task SeeItWorkAsync(Machine machine)
    {
        if (Readme.Below("## See it work") is not [var send, var look])
        {
            Assert.Fail("Two blocks of commands were expected below the README's 'See it work'.");
            return;
        }

        Assert.Equal("{\"outcome\":\"applied\"}\n200\n", await PasteAsync(machine, send));
        Assert.Equal("{\"outcome\":\"duplicate\"}\n200\n", await PasteAsync(machine, send));
        string connection = "";
        await Wait.ForAsync(
            async () => (connection = await PasteAsync(machine, look)).Contains("welcome.done", StringComparison.Ordinal), "the welcome in the connection");
        Assert.Contains("\"connected\"", connection, StringComparison.Ordinal);
    }

    /// <summary>Does what stands below <em>Play a setup link</em>, in a browser.</summary>
    internal static async Task PlayASetupLinkAsync(Machine machine)
    {
        var key = (await PasteAsync(machine, "echo \"$MANAGEMENT_KEY\"\n")).Trim();
        await using var visitor = await Visitor.OpenAsync(AppHostRun.Api);
        var (link, operatorsPage) = await SetupLinkWalk.MakeLinkAsync(visitor, key);
        await SetupLinkWalk.ConnectAsync(visitor, link);
        await visitor.SeeAsync("WhatsApp is connected", seconds: 120);
        await SetupLinkWalk.SeeWelcomeAsync(visitor, operatorsPage);
    }

    private static Task<string> PasteAsync(Machine machine, string commands) => Shell.PasteAsync(
        $"cd '{Machine.Repository}'\n{string.Concat(machine.Variables.Select(variable => $"export {variable.Key}='{variable.Value}'\n"))}{Readme.Secrets}{commands}");
}
