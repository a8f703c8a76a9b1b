using Kapso.Silo.Tests.Processes;

namespace Kapso.Silo.Tests.Compatibility;

/// <summary>A file that one version's embedded form wrote: the store itself, and what it exports.</summary>
[Collection(WithEarlierVersion.Name)]
public sealed class EmbeddedStoreTests(EarlierVersion earlier) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_folder.Path, "kapso.db");

    [HistoryFact]
    public async Task Todays_process_goes_on_with_an_earlier_store()
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var scenario = await Scenario.StartAsync();
        var known = await WriteAsync(earlier.Hosts, scenario, patience.Token);

        await using var process = await ServiceProcess.StartAsync(Hosts.Today.Embedded, SettingsOf(scenario), patience.Token);
        using var service = new Callers([process.Address], Scenario.ManagementKey);
        Assert.Equal(known, await scenario.ShowAsync(service));
        await scenario.GoOnAsync(service);
    }

    [HistoryTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cluster_takes_in_what_the_other_version_exports(bool movesUp)
    {
        var (before, after) = movesUp ? (earlier.Hosts, Hosts.Today) : (Hosts.Today, earlier.Hosts);
        using var patience = new CancellationTokenSource(Patience);
        await using var scenario = await Scenario.StartAsync();
        var known = await WriteAsync(before, scenario, patience.Token);
        var file = Path.Combine(_folder.Path, "connections.jsonl");

        // What the earlier version does not know stays behind.
        await RunAsync(before.Embedded, ["export", "--store", Store, "--out", file, .. movesUp ? (string[])[] : ["--without-audit"]], SettingsOf(scenario));

        await using var redis = await RedisServer.StartAsync();
        var settings = SettingsOf(scenario);
        await using var cluster = await ServiceProcesses.StartAsync(redis, new ServicePrograms([after.Silo], []), settings, patience.Token);
        await RunAsync(after.Api, ["import", "--in", file], settings);

        // Only now: it would look at the platform, and know customers by what is seen there.
        await using var api = await ServiceProcess.StartAsync(after.Api, settings, patience.Token);
        using var service = new Callers([api.Address], Scenario.ManagementKey);
        await service.UntilReachedAsync(Scenario.Project);
        Assert.All(await scenario.ShowAsync(service, moved: true), shown => Assert.Equal(known[shown.Key], shown.Value));
        await scenario.GoOnAsync(service);

        // Once more: the customers are left as they are, and a hint whose number has an owner by now goes there.
        await RunAsync(after.Api, ["import", "--in", file], settings);
        await scenario.SeeAllWelcomedOnceAsync(service);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<SortedDictionary<string, string>> WriteAsync(Hosts hosts, Scenario scenario, CancellationToken cancellationToken)
    {
        await using var process = await ServiceProcess.StartAsync(hosts.Embedded, SettingsOf(scenario), cancellationToken);
        using var service = new Callers([process.Address], Scenario.ManagementKey);
        await scenario.TellAsync(service);
        var known = await scenario.ShowAsync(service);
        await process.StopAsync();
        return known;
    }

    private Dictionary<string, string> SettingsOf(Scenario scenario) => new(scenario.Settings()) { ["Kapso:Store:Path"] = Store };

    private static async Task RunAsync(string host, string[] arguments, Dictionary<string, string> settings)
    {
        var (exitCode, output) = await Command.RunAsync("dotnet", [host, .. arguments], Path.GetDirectoryName(host)!, settings);
        Assert.True(exitCode == 0, output);
    }
}
