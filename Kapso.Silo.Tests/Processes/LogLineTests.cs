using System.Globalization;
using System.Text.RegularExpressions;

namespace Kapso.Silo.Tests.Processes;

/// <summary>What the processes write, as a person reads it on the console.</summary>
public sealed partial class LogLineTests
{
    private const int MaxLinesOfAStart = 30;
    private static readonly Uri Nobody = new("http://127.0.0.1:9");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_process_writes_at_most_30_lines_from_its_start_until_it_is_ready()
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var service = await ServiceProcesses.StartAsync(Settings(), patience.Token);
        await using var simulator = await ServiceProcess.StartAsync(
            "Kapso.Simulator.dll", new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development" }, patience.Token);

        foreach (var output in service.Outputs.Append(simulator.Output))
        {
            Assert.InRange(Lines(output).Length, 1, MaxLinesOfAStart);
            Assert.DoesNotMatch(Unfilled(), output);
        }

        await Wait.ForAsync(() => service.Outputs[0].Contains("is a member of the cluster", StringComparison.Ordinal), "a silo's line that it is a member");
    }

    [Fact]
    public async Task An_API_without_silos_says_so_once_and_not_with_every_attempt()
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await redis.ConnectAsync();
        var settings = Settings();
        settings["ConnectionStrings:redis"] = $"127.0.0.1:{redis.Port}";
        await using var api = await ServiceProcess.StartAsync("Kapso.Api.dll", settings, patience.Token);
        await Wait.ForAsync(() => api.Output.Contains("no silo can be reached", StringComparison.Ordinal), "the line that no silo is there");

        // Each attempt reads the table of silos.
        var server = connection.GetServer("127.0.0.1", redis.Port);
        var before = await ReadsAsync(server);
        await Wait.ForAsync(async () => await ReadsAsync(server) >= before + 5, "five more attempts to reach a silo");

        Assert.Single(Lines(api.Output), line => line.Contains("no silo can be reached", StringComparison.Ordinal));
        Assert.Single(Lines(api.Output), line => line.Contains("warn:", StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Settings()
    {
        var settings = CrashProject.Settings(Nobody, parallelism: 8);
        settings["Logging:LogLevel:Default"] = "Information";
        return settings;
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>How often a hash was read as a whole.</summary>
    private static async Task<long> ReadsAsync(StackExchange.Redis.IServer server)
    {
        var reads = (await server.InfoAsync("commandstats")).SelectMany(section => section)
            .FirstOrDefault(pair => pair.Key.Equals("cmdstat_hgetall", StringComparison.OrdinalIgnoreCase)).Value ?? "calls=0,";
        return long.Parse(reads.Split('=', ',')[1], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\{[A-Z][A-Za-z]*\}")]
    private static partial Regex Unfilled();
}
