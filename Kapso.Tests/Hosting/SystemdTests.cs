using System.Diagnostics;

namespace Kapso.Tests.Hosting;

/// <summary>The units of docs/systemd, as systemd reads them.</summary>
public sealed class SystemdTests
{
    private const string Analyze = "/usr/bin/systemd-analyze";

    [Theory]
    [InlineData("kapso.service")]
    [InlineData("kapso-api.service")]
    [InlineData("kapso-silo@.service")]
    public async Task Systemd_has_nothing_to_say_against_a_unit(string unit)
    {
        Assert.SkipUnless(File.Exists(Analyze), "Needs systemd-analyze, and there is none on this machine.");
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, unit.Replace("@.", "@1.", StringComparison.Ordinal));
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Folder, "docs", "systemd", unit), TestContext.Current.CancellationToken);
        Assert.Contains("TimeoutStopSec=", text, StringComparison.Ordinal);

        // The one program that is taken to be there.
        await File.WriteAllTextAsync(
            file, text.Replace("/usr/bin/dotnet", Environment.ProcessPath, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        using var analyze = Process.Start(new ProcessStartInfo(Analyze, ["verify", file]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (error, output) = (analyze.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), analyze.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await analyze.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", await error + await output);
        Assert.Equal(0, analyze.ExitCode);
    }
}
