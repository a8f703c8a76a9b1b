using System.Collections;
using System.Net;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Kapso.Platform.Settings;
using Kapso.Silo.Tests.Processes;
using Kapso.Simulator.World;

namespace Kapso.Silo.Tests.Compatibility;

/// <summary>Settings that were made for an earlier version.</summary>
[Collection(WithEarlierVersion.Name)]
public sealed partial class SettingsTests(EarlierVersion earlier) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();

    [HistoryFact]
    public void Every_setting_of_the_earlier_version_is_one_today()
    {
        var context = new AssemblyLoadContext("earlier", isCollectible: true);
        var options = context.LoadFromAssemblyPath(earlier.Hosts.Find("Kapso.Silo").Replace("Kapso.Silo.dll", "Kapso.Platform.dll", StringComparison.Ordinal))
            .GetType(typeof(KapsoOptions).FullName!, throwOnError: true)!;
        var names = NamesIn(options, "").Order(StringComparer.Ordinal).ToArray();
        context.Unload();

        Assert.Empty(names.Except(NamesIn(typeof(KapsoOptions), "")));
        Assert.Equal(names, Settings(new Uri("http://127.0.0.1:9")).Keys.Select(name => Index().Replace(name, ":*")).Distinct().Order(StringComparer.Ordinal));
    }

    [HistoryTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_version_runs_in_production_by_all_of_them(bool today)
    {
        var hosts = today ? Hosts.Today : earlier.Hosts;
        using var patience = new CancellationTokenSource(Patience);
        await using var company = await Company.StartAsync();
        var settings = Settings(company.Address, company.ChangesAddress).ToDictionary(setting => "Kapso:" + setting.Key, setting => setting.Value);
        settings["ASPNETCORE_ENVIRONMENT"] = "Production";
        await using var redis = await RedisServer.StartAsync();
        await using var cluster = await ServiceProcesses.StartAsync(redis, hosts.Cluster, settings, patience.Token);
        await using var embedded = await ServiceProcess.StartAsync(hosts.Embedded, settings, patience.Token);

        foreach (var (address, customer) in ((Uri, string)[])[(cluster.Api, "customer-of-cluster"), (embedded.Address, "customer-of-embedded")])
        {
            using var service = new Callers([address], Scenario.ManagementKey);
            await service.UntilReachedAsync(Scenario.Project);
            foreach (var (number, secret, of) in ((string, string, string)[])
                [("200000000000001", "webhook-secret-of-before", customer), ("200000000000002", "webhook-secret-of-after", customer + "-2")])
                await service.DeliverAsync(Scenario.Project, secret, Events.Created, $$"""{"phone_number_id":"{{number}}","customer":{"id":"{{of}}"} }""", number);
            await Wait.ForAsync(
                () => new[] { customer, customer + "-2" }.All(of => company.Welcomes.Values.Any(welcome => welcome.CustomerId == of)), $"welcomes of {customer} and another");
            await Wait.ForAsync(() => company.Changes.GetValueOrDefault(customer) > 0, $"what is told of {customer}");

            var url = (await service.PostAsync($"/api/projects/{Scenario.Project}/customers/{customer}/redirect_urls")).Text("success_redirect_url")!;
            Assert.StartsWith("https://connect.example.com/whatsapp/success/", url, StringComparison.Ordinal);
            var (status, location) = await service.OpenAsync(url + "?status=completed");
            Assert.Equal((HttpStatusCode.SeeOther, "https://app.example.com/connected"), (status, location!.GetLeftPart(UriPartial.Path)));
        }
    }

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string> Settings(Uri welcomes, Uri? changes = null) =>
        EarlierSettings.All(welcomes, changes ?? welcomes, Path.Combine(_folder.Path, "kapso.db"));

    /// <summary>The names of the settings that a type is filled from, those of lists with a star.</summary>
    private static IEnumerable<string> NamesIn(Type type, string prefix) => type.GetProperties().Where(property => !property.GetMethod!.IsStatic).SelectMany(property =>
    {
        var (name, inner) = (prefix + property.Name, property.PropertyType);
        if (inner != typeof(string) && typeof(IEnumerable).IsAssignableFrom(inner))
            (name, inner) = (name + ":*", inner.GetGenericArguments()[0]);
        return inner.Namespace == type.Namespace && !inner.IsEnum ? NamesIn(inner, name + ":")
            : property.CanWrite || inner != property.PropertyType ? [name]
            : [];
    });

    [GeneratedRegex(":[0-9]+")]
    private static partial Regex Index();
}
