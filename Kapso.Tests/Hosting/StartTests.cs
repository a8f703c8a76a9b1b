namespace Kapso.Tests.Hosting;

[Collection(RunsAlone.Name)]
public sealed class StartTests
{
    [Fact]
    public async Task Production_without_settings_says_what_is_missing_and_ends()
    {
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.Path, "Production");

        Assert.Equal(1, await host.EndedAsync());

        Assert.Contains("Kapso does not start: 3 settings are wrong.", host.Output, StringComparison.Ordinal);
        Assert.Contains("  - Kapso:Projects:0:Id is missing", host.Output, StringComparison.Ordinal);
        Assert.Contains("  - Kapso:PublicUrl is missing", host.Output, StringComparison.Ordinal);
        Assert.Contains("  - Kapso:Management:ApiKey is missing", host.Output, StringComparison.Ordinal);
        AssertNoStackTrace(host.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_named()
    {
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.Path, "Development", ("Kapso__Outbox__Lease", "a while"));

        Assert.Equal(1, await host.EndedAsync());

        Assert.Contains("Kapso:Outbox:Lease", host.Output, StringComparison.Ordinal);
        AssertNoStackTrace(host.Output);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_and_in_few_words()
    {
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(
            folder.Path, "Development", ("Kapso__Outbox__Lease", "10"), ("Kapso__Welcom__Flow", "log"), ("Kapso__Cluster__Dashboard", "yes"));

        Assert.Equal(1, await host.EndedAsync());

        Assert.Contains("Kapso does not start: 3 settings are wrong.", host.Output, StringComparison.Ordinal);
        AssertNoStackTrace(host.Output);
    }

    [Theory]
    [InlineData("appsettings.json", "{\"Kapso\": {", "appsettings.json")]
    [InlineData(null, "http//127.0.0.1:x", "http//127.0.0.1:x")]
    public async Task A_file_that_is_no_JSON_and_an_address_that_is_none_are_named(string? file, string text, string named)
    {
        using var folder = new TemporaryFolder();
        if (file is not null)
            await File.WriteAllTextAsync(Path.Combine(folder.Path, file), text, TestContext.Current.CancellationToken);
        await using var host = HostProcess.Start(folder.Path, "Development", file is null ? [("ASPNETCORE_URLS", text)] : []);

        Assert.Equal(1, await host.EndedAsync());

        Assert.Contains("Kapso does not start: ", host.Output, StringComparison.Ordinal);
        Assert.Contains(named, host.Output, StringComparison.Ordinal);
        AssertNoStackTrace(host.Output);
    }

    [Fact]
    public async Task A_second_process_on_the_same_store_says_so_and_ends()
    {
        using var folder = new TemporaryFolder();
        await using var first = HostProcess.Start(folder.Path, "Development");
        await first.StartedAsync();
        await using var second = HostProcess.Start(folder.Path, "Development");

        Assert.Equal(1, await second.EndedAsync());

        Assert.Contains("Kapso does not start: ", second.Output, StringComparison.Ordinal);
        Assert.Contains("Kapso:Store:Path", second.Output, StringComparison.Ordinal);
        AssertNoStackTrace(second.Output);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var folder = new TemporaryFolder();
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";
        await using var host = HostProcess.Start(folder.Path, "Development", ("ASPNETCORE_URLS", url));

        Assert.Equal(1, await host.EndedAsync());

        Assert.Contains("Kapso does not start: ", host.Output, StringComparison.Ordinal);
        Assert.Contains(url, host.Output, StringComparison.Ordinal);
        AssertNoStackTrace(host.Output);
    }

    private static void AssertNoStackTrace(string output) =>
        Assert.DoesNotContain(output.Split('\n'), line => line.StartsWith("   at ", StringComparison.Ordinal));
}
