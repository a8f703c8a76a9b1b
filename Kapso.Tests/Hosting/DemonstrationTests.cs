using System.Text.Json;

namespace Kapso.Tests.Hosting;

[Collection(RunsAlone.Name)]
public sealed class DemonstrationTests
{
    [Fact]
    public async Task The_printed_commands_work_as_they_are_pasted()
    {
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.Path, "Development");
        var console = await ShownAsync(host);
        var send = Shell.Paragraph(console, "body=");
        var look = Shell.Paragraph(console, "curl ");

        var first = await Shell.PasteAsync(send);
        var connection = await WelcomedAsync(look);
        var second = await Shell.PasteAsync(send);

        Assert.Contains("applied", first, StringComparison.Ordinal);
        Assert.EndsWith("\n200\n", first, StringComparison.Ordinal);
        Assert.Equal("connected", connection.GetProperty("status").GetString());
        Assert.Single(connection.GetProperty("numbers").EnumerateArray());
        Assert.Contains("duplicate", second, StringComparison.Ordinal);
        Assert.EndsWith("\n200\n", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_goes_on_with_the_same_secrets_and_connections()
    {
        using var folder = new TemporaryFolder();
        string send;
        await using (var host = HostProcess.Start(folder.Path, "Development"))
        {
            send = Shell.Paragraph(await ShownAsync(host), "body=");
            Assert.Contains("applied", await Shell.PasteAsync(send), StringComparison.Ordinal);
            Assert.Equal(0, await host.StopAsync());
        }

        await using var again = HostProcess.Start(folder.Path, "Development");
        var sendAgain = Shell.Paragraph(await ShownAsync(again), "body=");

        Assert.Equal(SignatureLine(send), SignatureLine(sendAgain));
        Assert.Contains("duplicate", await Shell.PasteAsync(sendAgain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_made_up_secrets_are_readable_by_their_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.Path, "Development");
        await ShownAsync(host);

        var file = Path.Combine(folder.Path, "data", "demonstration.json");

#pragma warning disable CA1416 // skipped on Windows
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task Where_a_project_is_configured_only_a_management_key_is_made_up()
    {
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.Path, "Development", ("Kapso__Projects__0__Id", "project-1"));

        var console = await host.ShownAsync("management key");

        Assert.DoesNotContain("demonstration project", console, StringComparison.Ordinal);
    }

    private static Task<string> ShownAsync(HostProcess host) => host.ShownAsync("Authorization: Bearer");

    private static string SignatureLine(string send) =>
        send.Split('\n').Single(line => line.StartsWith("signature=", StringComparison.Ordinal));

    // The welcome is sent just after the webhook's answer: looks again until it is settled.
    private static async Task<JsonElement> WelcomedAsync(string look)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            var connection = JsonElement.Parse(await Shell.PasteAsync(look));
            var welcome = connection.GetProperty("numbers")[0].GetProperty("welcome");
            if (welcome.GetProperty("status").GetString() == "done")
                return connection;
            Assert.True(DateTime.UtcNow < deadline, $"The welcome was expected to be done within 60 s; the connection is {connection}");
        }
    }
}
