using System.Diagnostics;

namespace Kapso.Silo.Tests.Processes;

/// <summary>The cluster's hosts, started with settings that are wrong.</summary>
public sealed class StartTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("Kapso.Api", null, "ConnectionStrings:redis is missing: set the address of the cluster's Redis")]
    [InlineData("Kapso.Silo", null, "ConnectionStrings:redis is missing: set the address of the cluster's Redis")]
    [InlineData("Kapso.Silo", "127.0.0.1:6379,pasword=hidden", "ConnectionStrings:redis cannot be read")]
    public async Task A_Redis_that_is_missing_is_told_beside_what_else_is_wrong(string host, string? redis, string expected)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, host + ".dll")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("Kapso", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ConnectionStrings__redis"] = redis;
        start.Environment["Kapso__Outbox__Lease"] = "a while";

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);

        var said = await error + await output;
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("  - " + expected, said, StringComparison.Ordinal);
        Assert.Contains("  - Kapso:Outbox:Lease is 'a while', which cannot be read", said, StringComparison.Ordinal);
        Assert.Contains("  - Kapso:Projects:0:Id is missing", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", said, StringComparison.Ordinal);
    }
}
