using System.Diagnostics;

namespace Kapso.Tests.Benchmarks;

/// <summary>A peer that loses deliveries, or welcomes twice, would be nothing to compare the service with. Speed is not looked at.</summary>
[Long]
[Collection(RunsAlone.Name)]
public sealed class PeerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task What_an_engineer_would_write_with_Npgsql_keeps_each_delivery_and_welcomes_each_customer_once()
    {
        var built = Path.GetRelativePath(Path.Combine(Repository.Folder, "Kapso.Tests"), AppContext.BaseDirectory);
        using var run = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(Repository.Folder, "Kapso.Benchmarks", built, "Kapso.Benchmarks.dll"),
                "compare", "--targets", "aspnet", "--seconds", "1", "--warm-up", "1", "--connections", "8", "--open-connections", "8",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var output = run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.SkipWhen(errors.Contains("need PostgreSQL's server", StringComparison.Ordinal), "PostgreSQL's server is not installed (apt-get install postgresql).");
            Assert.True(run.ExitCode == 0, await output + errors);
        }
        finally
        {
            if (!run.HasExited)
                run.Kill(entireProcessTree: true);
        }
    }
}
